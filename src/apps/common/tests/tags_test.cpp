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

    static std::string project(const Array& tags) {
        static int number = 0;
        return make("ada", "/projects",
                    {{"name", "Film"}, {"code", "T-" + std::to_string(++number)}, {"tags", tags}});
    }
    static std::string tags_of(const std::string& project) {
        return get("boss", "/projects/" + project).text("tags");
    }
};

TEST_F(Tagging, MergesWordsEverywhere) {
    const auto both = project({"movies", "print", "film"});
    const auto one = project({"video", "movies"});
    const auto none = project({"print"});
    const auto binned = project({"film"});
    EXPECT_EQ(remove("boss", "/projects/" + binned).status, 204);
    make("boss", "/clients", {{"name", "Nile"}, {"tags", {"film"}}});

    const Object merge = {{"from", {"Film", "movies"}}, {"into", "Video"}};
    const Answer dry = post("boss", "/tags/merge", joined(merge, {{"dry_run", true}}));
    EXPECT_EQ(dry.text("models"), R"({"projects.client":1,"projects.project":3})");
    EXPECT_EQ(tags_of(both), R"(["movies","print","film"])");

    const Answer merged = post("boss", "/tags/merge", merge);
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
    EXPECT_EQ(post("boss", "/tags/merge", merge).text("rows"), "0");
}

TEST_F(Tagging, IsForThoseWhoManageTags) {
    access(http::Method::post, "/tags/merge", {{"from", {"absent"}}, {"into", "other"}},
           {{"guest", 401}, {"nala", 403}, {"ada", 403}, {"boss", 200}, {"root", 200}});
}

TEST_F(Tagging, LeavesWordsThatTheActorMayNotWrite) {
    const std::string agent = user("agent_of_zone", {Role::field});
    user("zone_manager", {Role::manager});
    user("zone_admin", {Role::admin});
    ASSERT_EQ(patch("zone_admin", "/users/" + agent, {{"zones", {"kampala central"}}}).status, 200);
    const Body merge = {{"from", {"kampala central"}}, {"into", "jinja"}};
    const Answer merged = post("zone_manager", "/tags/merge", merge);
    EXPECT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(merged.text("rows"), "0");
    EXPECT_EQ(sql("SELECT zones::text FROM users_user WHERE id = $1", agent), "{\"kampala central\"}");
    EXPECT_EQ(post("zone_admin", "/tags/merge", merge).text("rows"), "1");
}

TEST_F(Tagging, NeedsWordsThatCanBeTags) {
    for (const Body& body :
         {Body{{"into", "video"}}, Body{{"from", Array{}}, {"into", "video"}},
          Body{{"from", {"video"}}, {"into", "video"}}, Body{{"from", {"film"}}, {"into", "a,b"}},
          Body{{"from", {"film"}}, {"into", ""}}, Body{{"from", {"film"}}},
          Body{{"from", "film"}, {"into", "video"}}})
        EXPECT_EQ(post("boss", "/tags/merge", body).status, 422) << body;
}

TEST_F(Tagging, IsCountedForOneModelWhereAsked) {
    project({"solo"});
    make("boss", "/clients", {{"name", "Solo"}, {"tags", {"solo"}}});
    EXPECT_EQ(get("boss", "/tags?search=solo").text("0.count"), "2");
    EXPECT_EQ(get("boss", "/tags?search=solo&model=projects.client").text("0.count"), "1");
    EXPECT_EQ(get("boss", "/tags?model=users.department").body, "[]");
    const Answer refused = get("boss", "/tags?model=projects.nothing");
    EXPECT_EQ(refused.status, 400);
    EXPECT_FALSE(refused.text("errors.model.0").empty());
}

}  // namespace
}  // namespace tamiti::test
