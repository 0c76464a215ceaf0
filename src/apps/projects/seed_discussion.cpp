#include <array>

#include "apps/common/service.hpp"
#include "apps/projects/models.hpp"
#include "apps/projects/seed.hpp"
#include "apps/users/service.hpp"
#include "core/base/demo.hpp"

namespace tamiti::projects {
namespace {

struct Remark {
    int project;              // by its number in seed.cpp
    std::string_view author;  // username
    int reply_to;             // number of an earlier remark, 0 for none
    bool internal;
    const char* body;
    std::string_view mentions;  // username; empty for nobody
};
constexpr std::array<Remark, 6> remarks = {{
    {2, "client", 0, false, "The opening is lovely. Could the farmer's name stay on screen a little longer?",
     ""},
    {2, "content", 1, false, "Two seconds more, in the next cut. @ronald, please look at 0:12.", "ronald"},
    {2, "ronald", 2, false, "Done, it is in the shared folder.", ""},
    {2, "manager", 0, true,
     "They pay late in the rainy season: send the invoice with the masters, not after.", ""},
    {1, "digital", 0, false, "The calendar for the second month is ready for a look.", ""},
    {9, "manager", 0, true, "We are two weeks behind. @digital, what would it take to catch up?", "digital"},
}};

void seed_remarks(Tx& tx) {
    std::array<int, remarks.size()> depths{};
    for (std::size_t i = 0; i < remarks.size(); ++i) {
        const Remark& remark = remarks[i];
        common::Comment comment{
            .id = {demo_id("common.comment", static_cast<int>(i) + 1)},
            .on = {model_of(tag<Project>{}).name, demo_id("projects.project", remark.project)},
            .author = users::demo_person(remark.author),
            .body = {remark.body},
            .internal = remark.internal};
        if (remark.reply_to > 0) {
            comment.reply_to = Id<common::Comment>{demo_id("common.comment", remark.reply_to)};
            depths[i] = depths[static_cast<std::size_t>(remark.reply_to) - 1] + 1;
            comment.depth = depths[i];
        }
        if (!remark.mentions.empty()) comment.mentions = {users::demo_person(remark.mentions)};
        add_once(tx, comment);
    }
}

void seed_file(Tx& tx) {
    common::Attachment file{.id = {demo_id("common.attachment", 1)},
                            .on = {model_of(tag<Project>{}).name, demo_id("projects.project", 2)},
                            .name = "shot-list.txt",
                            .uploader = users::demo_person("ronald")};
    if (!tx.find(file.id))
        common::keep_file(tx, file,
                          "1. Cherries at dawn, from the ridge\n2. Hands sorting, close\n3. The cup, last\n");
}

}  // namespace

void seed_discussion(Tx& tx) {
    seed_remarks(tx);
    seed_file(tx);
    add_once(tx, common::SavedView{
                     .id = {demo_id("common.saved_view", 1)},
                     .name = "Under way, latest first",
                     .on_model = model_of(tag<Project>{}).name,
                     .query = {R"({"filters":{"status__in":["active","review"]},"ordering":"-due_on",)"
                               R"("columns":["code","name","client","due_on"],"group":"status"})"},
                     .query_string = {"?status__in=active%2Creview&ordering=-due_on"},
                     .owner = users::demo_person("manager"),
                     .visibility = common::Visibility::everyone,
                     .position = 1});
}

}  // namespace tamiti::projects
