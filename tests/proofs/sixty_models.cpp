#include <deque>

#include "apps/projects/access.hpp"
#include "core/model/describe.hpp"
#include "core/model/member.hpp"
#include "core/program/app.hpp"

/// The program with 60 searched models more than the studio has, whose rows are seen by who sees their
/// project: src/main.cpp over this list of apps. The installed ones are in src/apps.cpp, which is built here
/// under another name. Their tables are made by scale.py.
namespace tamiti {

struct Note;
const Model& model_of(tag<Note>);

struct Note {
    Id<Note> id{};
    Id<projects::Project> project{};
    std::string title{};
    std::string body{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};

namespace {

Model described(const std::string& noun) {
    return describe<Note>(
        "notes." + noun,
        {.table = "notes_" + noun,
         .doc = "Something written down in a project.",
         .fields = {uuid_model<Note>(),
                    field<&Note::project>(
                        "project", {.required = true, .filter = one_or_any, .on_delete = Delete::cascade}),
                    field<&Note::title>("title", {.required = true, .search = 'A'}),
                    field<&Note::body>("body", {.max_length = 1000, .search = 'C'}),
                    time_stamped_model<Note>(), soft_delete_model<Note>()},
         .brief = {"title"},
         .within = "project"});
}

Scope of_seen_projects(const Actor& who) {
    return seen<projects::Project>(who, "project");
}

App notes() {
    static std::deque<Model> models;  // what refers to them keeps their addresses
    App app{.name = "notes", .doc = "Notes of sixty kinds."};
    for (int n = 1; n <= 60; ++n) {
        const std::string noun = "note_" + std::to_string(n);
        Resource one = resource<Note>("/" + noun + "s", {.view = of_seen_projects});
        one.model = &models.emplace_back(described(noun));
        app.resources.push_back(std::move(one));
    }
    return app;
}

}  // namespace

const Model& model_of(tag<Note>) {
    static const Model note = described("note");
    return note;
}

std::vector<App> studio_apps();

std::vector<App> installed_apps() {
    std::vector<App> apps = studio_apps();
    apps.push_back(notes());
    return apps;
}

}  // namespace tamiti
