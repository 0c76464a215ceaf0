#include "tests/support/matrix/samples.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What hangs on a project, by somebody who may write there.
std::string hung_on(const std::string& who, const std::string& path, const std::string& kind,
                    const Object& more, bool internal = false) {
    const std::string project = kinds_at("/projects").at(kind);
    return Studio::make(
        who, path,
        joined({{"on_model", "projects.project"}, {"on_row", project}, {"internal", internal}}, more));
}

std::map<std::string, Kinds> hang(const std::string& path, const Object& more) {
    return {{path,
             {{"own", hung_on("owner", path, "own", more)},
              {"team", hung_on("mate", path, "team", more)},
              {"other", hung_on("boss", path, "other", more)},
              {"deleted", removed(path, hung_on("boss", path, "own", more))},
              {"internal", hung_on("mate", path, "team", more, true)}}}};
}

Object a_file() {
    return {{"name", "note.txt"}, {"content", "SGVsbG8K"}};
}

std::map<std::string, Kinds> make_comments() {
    return hang("/comments", {{"body", "Seen"}});
}
std::map<std::string, Kinds> make_attachments() {
    return hang("/attachments", a_file());
}

std::string view_of(const std::string& who, const std::string& visibility) {
    return Studio::make(who, "/saved-views",
                        {{"on_model", "projects.project"},
                         {"name", "Of " + who},
                         {"query", Object{}},
                         {"visibility", visibility}});
}

/// Those of a team are seen by its department, which has no row before the people's samples are there.
std::map<std::string, Kinds> make_views() {
    kinds_at("/departments");
    return {{"/saved-views",
             {{"own", view_of("owner", "team")},
              {"team", view_of("mate", "team")},
              {"other", view_of("boss", "everyone")},
              {"deleted", Uuid::make().text()}}}};
}

Body on_project(const std::string& project, const Object& more) {
    return joined({{"on_model", "projects.project"}, {"on_row", project}}, more);
}

const Samples samples(
    {{{"/comments"}, make_comments}, {{"/attachments"}, make_attachments}, {{"/saved-views"}, make_views}},
    {{"POST /comments",
      {.about = "/projects",
       .body =
           [](const std::string& id, const std::string&) {
               return on_project(id, {{"body", "Said"}});
           }}},
     {"POST /attachments",
      {.about = "/projects",
       .body = [](const std::string& id, const std::string&) { return on_project(id, a_file()); }}},
     {"POST /attachments/file",
      {.about = "/projects",
       .body = [](const std::string&, const std::string&) { return Body::raw("Hello"); },
       .query = "?on_model=projects.project&on_row={id}&name=note.txt"}},
     {"POST /saved-views", {.body = [](const std::string&, const std::string&) {
          return Body{{"on_model", "projects.project"}, {"query", Object{}}, {"name", new_name()}};
      }}}});

}  // namespace
}  // namespace tamiti::test
