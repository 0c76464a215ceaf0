#include "core/access/csrf.hpp"
#include "core/api/restrictions.hpp"
#include "core/model/token_grants.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What the chain from request to answer refuses before any rule of an app is asked.
class PipelineJourney : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
    }

    static const Operation& operation(http::Method method, const std::string& path) {
        for (const Operation& one : pipeline().router().all())
            if (one.method == method && one.path == path) return one;
        throw std::logic_error("no operation " + path);
    }

    /// The code of the problem that a request of that actor is refused with; empty where it isn't.
    static std::string refusal(const Actor& who, http::Method method, const std::string& path) {
        http::Request request;
        request.method = method;
        const Method route = method == http::Method::head ? http::Method::get : method;
        try {
            api::require_unrestricted(site(), who, operation(route, path), request);
            return {};
        } catch (const Problem& problem) {
            EXPECT_EQ(problem.status(), 403);
            return problem.code() + ": " + problem.detail();
        }
    }
    using Method = http::Method;

    static Actor person() {
        Actor who;
        who.id = Uuid::make();
        return who;
    }
    static Actor bearer(std::vector<std::string> grants) {
        Actor who = person();
        who.token = Uuid::make();
        who.grants = std::make_shared<const std::vector<std::string>>(std::move(grants));
        return who;
    }
};

constexpr const char* lacks = "auth.token_scope: This access token lacks the grant ";

TEST_F(PipelineJourney, AnAccessTokenDoesWhatItWasGrantedAndNothingElse) {
    const Actor reader = bearer({"projects:read"});
    EXPECT_EQ(refusal(reader, Method::get, "/projects"), "");
    EXPECT_EQ(refusal(reader, Method::head, "/projects/{id}"), "");
    EXPECT_EQ(refusal(reader, Method::post, "/projects"), lacks + std::string("projects:write."));
    EXPECT_EQ(refusal(reader, Method::get, "/users"), lacks + std::string("users:read."));
    const Actor writer = bearer({"*:read", "projects:write"});
    EXPECT_EQ(refusal(writer, Method::get, "/users"), "");
    EXPECT_EQ(refusal(writer, Method::patch, "/projects/{id}"), "");
    EXPECT_EQ(refusal(writer, Method::post, "/users"), lacks + std::string("users:write."));
    const Actor blind = bearer({"projects:write"});
    EXPECT_EQ(refusal(blind, Method::get, "/projects"), lacks + std::string("projects:read."));
    EXPECT_EQ(refusal(blind, Method::post, "/milestones/{id}/complete"), "");
    const std::vector<std::pair<Method, std::string>> writes = {{Method::post, "/projects"},
                                                                {Method::patch, "/projects/{id}"},
                                                                {Method::put, "/projects/{id}"},
                                                                {Method::delete_, "/projects/{id}"}};
    for (const auto& [method, path] : writes)
        EXPECT_EQ(refusal(blind, method, path), lacks + std::string("projects:read."))
            << path << ": what a write of a row answers is the row";
}

TEST_F(PipelineJourney, AnAccessTokenNeverManagesSignInsNorWhoJoins) {
    const Actor all = bearer({"*:read", "*:write", "auth:read", "auth:write", "people:read", "people:write"});
    for (const Operation& one : pipeline().router().all()) {
        if (one.app != "auth" && one.app != "people") continue;
        EXPECT_NE(refusal(all, one.method, one.path), "") << one.path;
    }
    EXPECT_EQ(refusal(all, Method::patch, "/users/me"), "");
    for (const char* path : {"/users/{id}/deactivate", "/users/{id}/reactivate", "/users/{id}/erase"})
        EXPECT_EQ(refusal(all, Method::post, path),
                  "auth.token_scope: Accounts are closed, opened and erased by who signed in, not by an "
                  "access token.");
}

TEST_F(PipelineJourney, GrantsAreComparedWhole) {
    EXPECT_TRUE(is_granted({"projects:read"}, "projects", "read"));
    EXPECT_FALSE(is_granted({"projects:reader"}, "projects", "read"));
    EXPECT_FALSE(is_granted({"project:read"}, "projects", "read"));
    EXPECT_FALSE(is_granted({"projects"}, "projects", "read"));
    EXPECT_FALSE(is_granted({"*"}, "projects", "read"));
    EXPECT_FALSE(is_granted({}, "projects", "read"));
}

TEST_F(PipelineJourney, WhoeverLooksAsSomebodyElseReadsOnly) {
    Actor who = person();
    who.viewed_by = Uuid::make();
    for (const Operation& one : pipeline().router().all()) {
        const bool is_private = one.path == "/auth/sign-ins" || one.path == "/users/me/statistics" ||
                                one.path == "/users/me/export";
        const std::string expected =
            one.method != Method::get
                ? "auth.view_only: You look as somebody else: that changes nothing of theirs."
            : is_private ? "auth.view_only: You look as somebody else: this is for them alone to know."
                         : "";
        EXPECT_EQ(refusal(who, one.method, one.path), expected) << one.path;
    }
}

TEST_F(PipelineJourney, WithoutTheSecondFactorOfTheirRoleOneSetsItUpFirst) {
    Actor who = person();
    who.must_add_factor = true;
    std::vector<std::string> open;
    for (const Operation& one : pipeline().router().all())
        if (!one.path.starts_with("/auth/") && refusal(who, one.method, one.path).empty())
            open.push_back(std::string(http::name_of(one.method)) + " " + one.path);
    EXPECT_EQ(open, std::vector<std::string>{"GET /users/me"});
    EXPECT_EQ(refusal(who, Method::get, "/auth/sessions"), "");
    EXPECT_NE(refusal(who, Method::post, "/auth/view-as/{user}"), "");
}

TEST_F(PipelineJourney, ACookieSignsReadsAndNeedsProofForTheRest) {
    Actor who = person();
    who.session = Uuid::make();
    who.by_cookie = true;
    EXPECT_EQ(refusal(who, Method::get, "/projects"), "");
    EXPECT_TRUE(refusal(who, Method::post, "/projects").starts_with("auth.csrf"));
    EXPECT_TRUE(refusal(who, Method::delete_, "/projects/{id}").starts_with("auth.csrf"));
}

TEST_F(PipelineJourney, WhoMayNotAskIsToldBeforeTheirLongBodyIsRead) {
    const auto screened = [](const std::string& who, Method method, const char* path) {
        const std::string authorization = "Bearer " + (who.empty() ? "" : token(who));
        http::Request request{.method = method, .path = path, .host = "localhost"};
        request.id = "0123456789abcdef0123456789abcdef";
        request.client_address = "127.0.0.1";
        if (!who.empty()) request.headers.push_back({"Authorization", authorization});
        const http::Screening screening = pipeline().screen(request);
        return screening.refusal ? std::to_string(screening.refusal->status) : screening.asker;
    };
    user("reader", {Role::client});
    EXPECT_EQ(screened("boss", Method::post, "/api/v1/projects"), user("boss"));
    EXPECT_EQ(screened("", Method::post, "/api/v1/projects"), "401");
    EXPECT_EQ(screened("", Method::post, "/api/v1/auth/token"), "413") << "who signs in needs few words";
    EXPECT_EQ(screened("", Method::get, "/api/docs"), "413");
    EXPECT_EQ(screened("boss", Method::post, "/api/v1/nosuch"), "404");
    EXPECT_EQ(screened("boss", Method::put, "/api/v1/projects"), "405");
    EXPECT_EQ(screened("reader", Method::post, "/api/v1/users/import"), "403");
}

TEST_F(PipelineJourney, AParameterThatIsThereTwiceIsNamed) {
    for (const std::string name : {"page", "fields", "ordering", "format"}) {
        const Answer answer = get("boss", "/projects?" + name + "=1&search=x&" + name + "=2");
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.text("code"), "http.bad_parameter");
        EXPECT_EQ(answer.text("errors." + name + ".0"),
                  name + " is there twice; give it once, with all its values.");
    }
}

TEST_F(PipelineJourney, FiltersOfOneValueAreGivenOnce) {
    const Answer answer = get("boss", "/projects?status=planning&status=active");
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("status__in"), std::string::npos) << answer.body;
}

TEST_F(PipelineJourney, EveryAnswerTellsWhatIsLeftOfTheLimit) {
    for (const std::string path : {"/users/me", "/users/nobody", "/projects?page=0"}) {
        const Answer answer = get("boss", path);
        if (answer.status == 404) continue;  // no such address: nothing was counted
        EXPECT_EQ(answer.header("RateLimit-Policy"), R"("user";q=100000000;w=60)") << path;
        EXPECT_TRUE(answer.header("RateLimit").starts_with(R"("user";r=)")) << answer.header("RateLimit");
    }
    EXPECT_TRUE(get("guest", "/users/me").header("RateLimit").starts_with(R"("anonymous";r=)"));
}

}  // namespace
}  // namespace tamiti::test
