#include <array>

#include "apps/common/service.hpp"
#include "apps/projects/models.hpp"
#include "apps/projects/seed.hpp"
#include "core/base/demo.hpp"

namespace tamiti::projects {
namespace {

// The accounts of the demo studio by their number in users/seed.cpp.
enum Person { manager = 2, content = 4, digital = 5, portal = 8, ronald = 10 };

Id<users::User> user(int number) {
    return {demo_id("users.user", number)};
}

struct Remark {
    int project;  // by its number in seed.cpp
    Person author;
    int reply_to;  // number of an earlier remark, 0 for none
    bool internal;
    const char* body;
    int mentions;  // number of a person, 0 for nobody
};
constexpr std::array<Remark, 6> remarks = {{
    {2, portal, 0, false, "The opening is lovely. Could the farmer's name stay on screen a little longer?",
     0},
    {2, content, 1, false, "Two seconds more, in the next cut. @ronald, please look at 0:12.", ronald},
    {2, ronald, 2, false, "Done, it is in the shared folder.", 0},
    {2, manager, 0, true, "They pay late in the rainy season: send the invoice with the masters, not after.",
     0},
    {1, digital, 0, false, "The calendar for the second month is ready for a look.", 0},
    {9, manager, 0, true, "We are two weeks behind. @digital, what would it take to catch up?", digital},
}};

void seed_remarks(Tx& tx) {
    std::array<int, remarks.size()> depths{};
    for (std::size_t i = 0; i < remarks.size(); ++i) {
        const Remark& remark = remarks[i];
        common::Comment comment{.id = {demo_id("common.comment", static_cast<int>(i) + 1)},
                                .on_model = model_of(tag<Project>{}).name,
                                .on_row = demo_id("projects.project", remark.project),
                                .author = user(remark.author),
                                .body = {remark.body},
                                .internal = remark.internal};
        if (remark.reply_to > 0) {
            comment.reply_to = Id<common::Comment>{demo_id("common.comment", remark.reply_to)};
            depths[i] = depths[static_cast<std::size_t>(remark.reply_to) - 1] + 1;
            comment.depth = depths[i];
        }
        if (remark.mentions > 0) comment.mentions = {user(remark.mentions)};
        add_once(tx, comment);
    }
}

void seed_file(Tx& tx) {
    common::Attachment file{.id = {demo_id("common.attachment", 1)},
                            .on_model = model_of(tag<Project>{}).name,
                            .on_row = demo_id("projects.project", 2),
                            .name = "shot-list.txt",
                            .uploader = user(ronald)};
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
                     .owner = user(manager),
                     .visibility = common::Visibility::everyone,
                     .position = 1});
}

}  // namespace tamiti::projects
