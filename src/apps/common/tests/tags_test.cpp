#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

class Tagging : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("root", {Role::admin});
        user("boss", {Role::manager});
        user("nala", {Role::client});
    }

    static std::string project(const std::string& tags) {
        static int number = 0;
        return make(
            "ada", "/projects",
            R"({"name": "Film", "code": "T-)" + std::to_string(++number) + R"(", "tags": )" + tags + "}");
    }
    static std::string tags_of(const std::string& project) {
        return get("boss", "/projects/" + project).text("tags");
    }
};

TEST_F(Tagging, MergesWordsEverywhere) {
    const auto both = project(R"(["movies", "print", "film"])");
    const auto one = project(R"(["video", "movies"])");
    const auto none = project(R"(["print"])");
    const auto binned = project(R"(["film"])");
    EXPECT_EQ(remove("boss", "/projects/" + binned).status, 204);
    make("boss", "/clients", R"({"name": "Nile", "tags": ["film"]})");

    const std::string body = R"({"from": ["Film", "movies"], "into": "Video")";
    const Answer dry = post("boss", "/tags/merge", body + R"(, "dry_run": true})");
    EXPECT_EQ(dry.text("models"), R"({"projects.client":1,"projects.project":3})");
    EXPECT_EQ(tags_of(both), R"(["movies","print","film"])");

    const Answer merged = post("boss", "/tags/merge", body + "}");
    EXPECT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(merged.text("into"), "video");
    EXPECT_EQ(merged.text("rows"), "4");
    EXPECT_EQ(merged.text("models"), dry.text("models"));
    EXPECT_EQ(tags_of(both), R"(["video","print"])");
    EXPECT_EQ(tags_of(one), R"(["video"])");
    EXPECT_EQ(tags_of(none), R"(["print"])");
    EXPECT_EQ(sql("SELECT tags FROM projects_project WHERE id = $1", binned), "{video}");
    EXPECT_EQ(get("boss", "/projects/" + both).text("version"), "2");
    EXPECT_EQ(get("boss", "/projects/" + none).text("version"), "1");
    EXPECT_EQ(post("boss", "/tags/merge", body + "}").text("rows"), "0");
}

TEST_F(Tagging, IsForThoseWhoManageTags) {
    access(http::Method::post, "/tags/merge", R"({"from": ["absent"], "into": "other"})",
           {{"guest", 401}, {"nala", 403}, {"ada", 403}, {"boss", 200}, {"root", 200}});
}

TEST_F(Tagging, LeavesWordsThatTheActorMayNotWrite) {
    const std::string agent = user("agent_of_zone", {Role::field});
    user("zone_manager", {Role::manager});
    user("zone_admin", {Role::admin});
    ASSERT_EQ(patch("zone_admin", "/users/" + agent, R"({"zones": ["kampala central"]})").status, 200);
    const std::string merge = R"({"from": ["kampala central"], "into": "jinja"})";
    const Answer merged = post("zone_manager", "/tags/merge", merge);
    EXPECT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(merged.text("rows"), "0");
    EXPECT_EQ(sql("SELECT zones::text FROM users_user WHERE id = $1", agent), "{\"kampala central\"}");
    EXPECT_EQ(post("zone_admin", "/tags/merge", merge).text("rows"), "1");
}

TEST_F(Tagging, NeedsWordsThatCanBeTags) {
    for (const char* body : {R"({"into": "video"})", R"({"from": [], "into": "video"})",
                             R"({"from": ["video"], "into": "video"})",
                             R"({"from": ["film"], "into": "a,b"})", R"({"from": ["film"], "into": ""})",
                             R"({"from": ["film"]})", R"({"from": "film", "into": "video"})"})
        EXPECT_EQ(post("boss", "/tags/merge", body).status, 422) << body;
}

TEST_F(Tagging, IsCountedForOneModelWhereAsked) {
    project(R"(["solo"])");
    make("boss", "/clients", R"({"name": "Solo", "tags": ["solo"]})");
    EXPECT_EQ(get("boss", "/tags?search=solo").text("0.count"), "2");
    EXPECT_EQ(get("boss", "/tags?search=solo&model=projects.client").text("0.count"), "1");
    EXPECT_EQ(get("boss", "/tags?model=users.department").body, "[]");
    const Answer refused = get("boss", "/tags?model=projects.nothing");
    EXPECT_EQ(refused.status, 400);
    EXPECT_FALSE(refused.text("errors.model.0").empty());
}

}  // namespace
}  // namespace tamiti::test
