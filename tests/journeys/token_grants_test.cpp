#include <set>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What a personal access token may read of rows that its request doesn't name but leads to.
class TokenGrants : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("festival");
        client = make("boss", "/clients", {{"name", "Nile Festival"}, {"tags", {"old"}}});
        project = make("boss", "/projects",
                       {{"code", "FEST"},
                        {"name", "Festival film"},
                        {"tags", {"old"}},
                        {"client", client},
                        {"owner", user("festival")}});
        comment = make("boss", "/comments",
                       {{"on_model", "projects.project"}, {"body", "Which festival?"}, {"on_row", project}});
        file = make("boss", "/attachments",
                    {{"on_model", "projects.project"},
                     {"name", "note.txt"},
                     {"content", "SGVsbG8K"},
                     {"on_row", project}});
    }

    /// The header of a token of the admin with these grants.
    static Headers granted(const Array& grants) {
        const Answer made = post("boss", "/auth/tokens",
                                 {{"name", "Narrow"},
                                  {"grants", grants},
                                  {"expires_at", format(clock().now() + std::chrono::hours(1))}});
        EXPECT_EQ(made.status, 201) << made.body;
        return {{"Authorization", "Bearer " + made.text("token")}};
    }

    static std::set<std::string> models(const Answer& answer, std::string_view member = "model") {
        const auto all = answer.each(member);
        return {all.begin(), all.end()};
    }

    static inline std::string client, project, comment, file;
};

TEST_F(TokenGrants, BoundExpansionsToTheIdOfWhatTheyDontHold) {
    const std::string list = "/projects?code=FEST&expand=owner,client";
    const Headers narrow = granted({"projects:read"}), wide = granted({"projects:read", "users:read"});
    EXPECT_EQ(get("guest", list, narrow).text("results.0.owner"), R"({"id":")" + user("festival") + "\"}");
    EXPECT_EQ(get("guest", list, narrow).text("results.0.client.name"), "Nile Festival") << "of the same app";
    EXPECT_EQ(get("guest", list, wide).text("results.0.owner.username"), "festival");
    const std::string one = "/projects/" + project + "?expand=owner";
    EXPECT_EQ(get("guest", one, narrow).text("owner"), R"({"id":")" + user("festival") + "\"}");
    EXPECT_EQ(get("guest", one, wide).text("owner.username"), "festival");
}

TEST_F(TokenGrants, BoundFiltersThroughReferences) {
    const Headers narrow = granted({"projects:read"}), wide = granted({"projects:read", "users:read"});
    for (const char* filter :
         {"owner__username=festival", "owner__username=nobody", "owner__is_active=true"}) {
        const Answer refused = get("guest", std::string("/projects?") + filter, narrow);
        EXPECT_EQ(refused.status, 400) << filter;
        EXPECT_EQ(refused.text("code"), "http.unknown_filter") << filter;
    }
    EXPECT_EQ(get("guest", "/projects?owner__username=festival", wide).ids(), std::vector{project});
    EXPECT_EQ(get("guest", "/projects?owner=" + user("festival"), narrow).ids(), std::vector{project})
        << "the id is the project's own";
    EXPECT_EQ(get("guest", "/projects?owner__username=festival&format=csv", narrow).status, 400);
}

TEST_F(TokenGrants, BoundTheSearchOverEverything) {
    EXPECT_EQ(get("guest", "/search?q=festival", granted({"core:read"})).ids(), std::vector<std::string>{});
    EXPECT_EQ(models(get("guest", "/search?q=festival", granted({"core:read", "users:read"}))),
              std::set<std::string>{"users.user"});
    EXPECT_EQ(models(get("guest", "/search?q=festival", granted({"*:read"}))),
              models(get("boss", "/search?q=festival")));
}

TEST_F(TokenGrants, BoundWhatHangsOnRecords) {
    const Headers narrow = granted({"common:read", "common:write"});
    const Headers wide = granted({"common:read", "common:write", "projects:read"});
    const Body more = {{"on_model", "projects.project"}, {"body", "More"}, {"on_row", project}};
    EXPECT_EQ(get("guest", "/comments", narrow).ids(), std::vector<std::string>{});
    EXPECT_EQ(get("guest", "/comments/" + comment, narrow).status, 404);
    EXPECT_EQ(get("guest", "/comments/" + comment + "/history", narrow).status, 404);
    EXPECT_EQ(get("guest", "/attachments/" + file + "/content", narrow).status, 404);
    EXPECT_EQ(post("guest", "/comments", more, narrow).status, 422);
    EXPECT_EQ(get("guest", "/comments/" + comment, wide).status, 200);
    EXPECT_EQ(get("guest", "/attachments/" + file + "/content", wide).status, 200);
    EXPECT_EQ(post("guest", "/comments", more, wide).status, 201);
}

TEST_F(TokenGrants, BoundTagsToReadAndToMerge) {
    EXPECT_EQ(get("guest", "/tags", granted({"common:read"})).body, "[]");
    EXPECT_EQ(get("guest", "/tags", granted({"common:read", "projects:read"})).text("0.count"), "2");
    const Body merge = {{"from", {"old"}}, {"into", "new"}};
    EXPECT_EQ(post("guest", "/tags/merge", merge, granted({"common:write"})).text("rows"), "0");
    EXPECT_EQ(sql("SELECT tags FROM projects_project WHERE id = $1", project), "{old}");
    const Answer merged = post("guest", "/tags/merge", merge, granted({"common:write", "projects:write"}));
    EXPECT_EQ(merged.text("rows"), "2") << merged.body;
    EXPECT_EQ(sql("SELECT tags FROM projects_project WHERE id = $1", project), "{new}");
}

TEST_F(TokenGrants, BoundTheAuditTrail) {
    const Headers narrow = granted({"core:read"}), wide = granted({"core:read", "projects:read"});
    EXPECT_EQ(get("guest", "/audit", narrow).ids(), std::vector<std::string>{});
    EXPECT_EQ(get("guest", "/audit?model=projects.project", narrow).ids(), std::vector<std::string>{});
    EXPECT_EQ(models(get("guest", "/audit?page_size=200", wide)),
              (std::set<std::string>{"projects.client", "projects.member", "projects.project"}));
    EXPECT_TRUE(models(get("boss", "/audit?page_size=200")).contains("auth.personal_token"));
    EXPECT_FALSE(
        models(get("guest", "/audit?page_size=200", granted({"*:read"}))).contains("auth.personal_token"))
        << "what signing in is made of is granted to none";
    make("boss", "/invitations", {{"email", "guest@studio.test"}, {"roles", {"staff"}}});
    EXPECT_TRUE(models(get("boss", "/audit?page_size=200")).contains("users.invitation"));
    EXPECT_FALSE(models(get("guest", "/audit?page_size=200", granted({"*:read", "users:read"})))
                     .contains("users.invitation"))
        << "nor who was invited: the app that mounts the rows answers no token";
}

TEST_F(TokenGrants, AreForNoAppThatAnswersNoToken) {
    for (const char* module : {"auth", "people", "nothing"}) {
        const Answer refused = post("boss", "/auth/tokens",
                                    {{"name", "Wide"},
                                     {"grants", {std::string(module) + ":read"}},
                                     {"expires_at", format(clock().now() + std::chrono::hours(1))}});
        EXPECT_EQ(refused.status, 422) << module;
        EXPECT_EQ(refused.json().at("errors").at("grants.0").at(0),
                  "Begin with one of *, core, users, common, projects, as in \"projects:read\".");
    }
}

TEST_F(TokenGrants, BoundWhatIsSaidOfPeoplesWork) {
    const std::string path = "/users/" + user("festival") + "/work";
    const auto named = [&](const Headers& headers) {
        const std::string body = get("guest", path, headers).body;
        return std::pair(body.find("projects.") != body.npos, body.find("users.user") != body.npos);
    };
    EXPECT_EQ(named(granted({"users:read"})), std::pair(false, true));
    EXPECT_EQ(named(granted({"users:read", "projects:read"})), std::pair(true, true));
    const std::string question = "/permissions/explain?model=projects.project&verb=change&id=" + project;
    EXPECT_EQ(get("guest", question, granted({"users:read"})).status, 404);
    EXPECT_EQ(get("guest", question, granted({"users:read", "projects:read"})).status, 200);
}

TEST_F(TokenGrants, LeaveItToTheHolderWhichIdsTheyWriteDown) {
    const Headers token = granted({"projects:read", "projects:write"});
    const Answer changed = patch("guest", "/projects/" + project, {{"owner", user("boss")}}, token);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.text("owner"), user("boss"));
    patch("boss", "/projects/" + project, {{"owner", user("festival")}});
}

}  // namespace
}  // namespace tamiti::test
