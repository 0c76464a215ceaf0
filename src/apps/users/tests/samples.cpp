#include "tests/support/matrix/samples.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

std::string user(const std::string& name) {
    return Studio::user(name);
}

/// A place of the owner's, one next door, one of others, and one that is gone.
Kinds places(const std::string& path, const std::string& field) {
    const auto named = [&](const char* name) { return Studio::make("boss", path, {{"name", name}}); };
    Kinds kinds = {{"own", named("Of the owner")},
                   {"team", named("Next door")},
                   {"other", named("Of others")},
                   {"deleted", removed(path, named("Gone"))}};
    EXPECT_EQ(Studio::patch("boss", "/users/" + user("owner"), {{field, kinds["own"]}}).status, 200) << path;
    return kinds;
}

/// The owner's department has `mate`, whose manager the owner is; `former` was erased.
std::map<std::string, Kinds> make_people() {
    std::map<std::string, Kinds> rows;
    rows["/departments"] = places("/departments", "department");
    rows["/branches"] = places("/branches", "branch");
    rows["/designations"] = places("/designations", "designation");
    const Answer led =
        Studio::patch("boss", "/users/" + user("mate"),
                      {{"manager", user("owner")}, {"department", rows["/departments"].at("own")}});
    EXPECT_EQ(led.status, 200) << led.body;
    const std::string former = "/users/" + user("former");
    EXPECT_EQ(Studio::post("boss", former + "/deactivate").status, 200);
    EXPECT_EQ(Studio::post("boss", former + "/erase", {{"confirm", "former"}}).status, 200);
    rows["/users"] = {{"own", user("owner")},
                      {"team", user("mate")},
                      {"other", user("buyer")},
                      {"deleted", user("former")}};
    return rows;
}

/// Pictures, which whoever is signed in gets who knows their ids.
std::map<std::string, Kinds> make_avatars() {
    Kinds kinds = {{"deleted", Uuid::make().text()}};
    for (const auto& [kind, person] :
         std::map<std::string, std::string>{{"own", "owner"}, {"team", "mate"}, {"other", "buyer"}}) {
        kinds[kind] = Uuid::make().text();
        change_rows(
            "INSERT INTO users_avatar (id, person, media_type, content) VALUES ($1, $2, 'image/png', 'x')",
            {kinds[kind], user(person)});
    }
    return {{"/avatars", kinds}};
}

std::string new_address() {
    static int number = 0;
    return "new" + std::to_string(++number) + "@studio.test";
}

Body new_user(const std::string&, const std::string&) {
    const std::string address = new_address();
    return {{"username", address.substr(0, address.find('@'))}, {"email", address}, {"roles", {"staff"}}};
}

/// The erased account is closed already; others can't hand over to themselves.
Body handed_over(const std::string& id, const std::string& kind) {
    return kind == "deleted" ? Body() : Body{{"reassign_to", id}};
}

const Samples samples({{{"/departments", "/branches", "/designations", "/users"}, make_people},
                       {{"/avatars"}, make_avatars}},
                      {{"POST /users", {.body = new_user}},
                       {"POST /users/{id}/deactivate", {.body = handed_over}},
                       {"POST /users/{id}/erase",
                        {.body =
                             [](const std::string&, const std::string&) {
                                 return Body{{"confirm", "nobody"}};
                             }}},
                       {"GET /permissions/explain",
                        {.about = "/users", .query = "?model=projects.project&verb=view&user={id}"}}});

}  // namespace
}  // namespace tamiti::test
