#include "apps/auth/tests/second_factor_studio.hpp"
#include "core/access/session_cache.hpp"
#include "core/access/tokens.hpp"

namespace tamiti::test {
namespace {

using http::Method;

class ViewAs : public FactorStudio {
public:
    static void SetUpTestSuite() {
        FactorStudio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("second", {Role::admin});
        user("manager", {Role::manager});
        user("grace", {Role::staff});
        user("nala", {Role::client});
    }
    static Answer view(const std::string& who, const std::string& person,
                       const std::string& reason = "Their list is empty.") {
        return post(who, "/auth/view-as/" + user(person), {{"reason", reason}});
    }
    static Answer as(const std::string& token, const std::string& path) {
        return get("guest", path, bearer(token));
    }
};

TEST_F(ViewAs, ShowsWhatThatPersonSees) {
    const Answer made = view("ada", "nala");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.text("expires_in"), "600");
    EXPECT_EQ(made.header("Cache-Control"), "no-store");
    EXPECT_EQ(made.json().as_object().count("refresh"), 0U);
    const std::string token = made.text("access");
    const Answer me = as(token, "/users/me");
    ASSERT_EQ(me.status, 200) << me.body;
    EXPECT_EQ(me.text("id"), user("nala"));
    EXPECT_EQ(as(token, "/users").body, get("nala", "/users").body);
    EXPECT_EQ(as(token, "/users").each("username"), std::vector<std::string>{"nala"});
}

TEST_F(ViewAs, ReadsNothingThatIsForThePersonAlone) {
    const std::string token = view("ada", "nala").text("access");
    for (const char* path : {"/auth/sign-ins", "/users/me/statistics", "/users/me/export"}) {
        EXPECT_EQ(as(token, path).text("code"), "auth.view_only") << path;
        EXPECT_NE(get("nala", path).status, 403) << path;
    }
}

TEST_F(ViewAs, ChangesNothing) {
    const std::string token = view("ada", "grace").text("access");
    const std::string before = sql("SELECT md5(string_agg(u::text, ',' ORDER BY id)) FROM users_user u");
    EXPECT_EQ(patch("guest", "/users/me", {{"bio", "Hello"}}, bearer(token)).text("code"), "auth.view_only");
    const std::vector<std::pair<std::string, Body>> writes = {
        {"/auth/logout", {}},
        {"/auth/logout-all", {}},
        {"/auth/tokens",
         {{"name", "x"},
          {"grants", {"*:read"}},
          {"expires_at", format(clock().now() + std::chrono::hours(24))}}},
        {"/auth/second-factor", with_password(password)},
        {"/auth/second-factor/remove", {{"password", "x"}, {"code", "123456"}}},
        {"/auth/view-as/" + user("nala"), Body{{"reason", "x"}}}};
    for (const auto& [path, body] : writes)
        EXPECT_EQ(post("guest", path, body, bearer(token)).status, 403) << path;
    EXPECT_EQ(sql("SELECT md5(string_agg(u::text, ',' ORDER BY id)) FROM users_user u"), before);
    EXPECT_EQ(get("ada", "/users/me").status, 200) << "nor does it end the admin's own session";
    EXPECT_EQ(get("grace", "/users/me").status, 200);
}

TEST_F(ViewAs, IsForAdminsWhoSayWhy) {
    EXPECT_EQ(view("guest", "nala").status, 401);
    for (const char* who : {"manager", "grace", "nala"}) EXPECT_EQ(view(who, "second").status, 403) << who;
    EXPECT_EQ(view("ada", "nala", " ").status, 422);
    EXPECT_EQ(post("ada", "/auth/view-as/" + user("nala"), {}).status, 422);
    EXPECT_EQ(view("ada", "nala", std::string(501, 'x')).status, 422);
    EXPECT_EQ(post("ada", "/auth/view-as/" + Uuid::make().text(), {{"reason", "x"}}).status, 404);
    EXPECT_EQ(view("ada", "ada").text("code"), "auth.view_as");
    EXPECT_EQ(view("ada", "second").status, 200) << "an admin may do no less than another";
}

TEST_F(ViewAs, IsWrittenDown) {
    const std::string view_id = view("ada", "grace", "She asked for help.").text("view");
    EXPECT_EQ(sql("SELECT admin || ' ' || person || ' ' || reason FROM auth_view WHERE id = $1", view_id),
              user("ada") + " " + user("grace") + " She asked for help.");
    EXPECT_EQ(sql("SELECT actor || ' ' || (changes -> 'reason' ->> 1) FROM core_audit WHERE table_name = "
                  "'auth_view' "
                  "AND row_id = $1",
                  view_id),
              user("ada") + " She asked for help.");
}

TEST_F(ViewAs, EndsAfterTenMinutes) {
    const std::string token = view("ada", "grace").text("access");
    const Timestamp before = clock().now();
    clock().advance(std::chrono::seconds(599));
    EXPECT_EQ(as(token, "/users/me").status, 200);
    clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(as(token, "/users/me").status, 401);
    EXPECT_EQ(post("guest", "/auth/token/refresh", {{"refresh", token}}).status, 401);
    clock().set(before);
}

TEST_F(ViewAs, EndsWithTheSessionItWasMadeIn) {
    user("boss", {Role::admin});
    const std::string token = view("boss", "grace").text("access");
    EXPECT_EQ(as(token, "/users/me").status, 200);
    EXPECT_EQ(post("boss", "/auth/logout", {}).status, 204);
    EXPECT_EQ(as(token, "/users/me").status, 401) << "at once";
    sign_in_again("boss");
    EXPECT_EQ(as(token, "/users/me").status, 401) << "another session is not that one";
}

TEST_F(ViewAs, EndsWhenEitherLosesTheRight) {
    user("demoted", {Role::admin});
    user("leaver", {Role::staff});
    const std::string by_demoted = view("demoted", "grace").text("access");
    const std::string of_leaver = view("ada", "leaver").text("access");
    EXPECT_EQ(as(by_demoted, "/users/me").status, 200);
    EXPECT_EQ(as(of_leaver, "/users/me").status, 200);
    EXPECT_EQ(patch("ada", "/users/" + user("demoted"), {{"roles", {"manager"}}}).status, 200);
    EXPECT_EQ(patch("ada", "/users/" + user("leaver"), {{"is_active", false}}).status, 200);
    EXPECT_EQ(as(by_demoted, "/users/me").status, 401);
    EXPECT_EQ(as(of_leaver, "/users/me").status, 401);
    EXPECT_EQ(view("ada", "leaver").text("code"), "auth.view_as");
}

TEST_F(ViewAs, BelongsToItsRowAndToNothingElse) {
    const std::string token = view("ada", "grace").text("access");
    const AccessTokens& tokens = site().memory.get<AccessTokens>(site());
    const AccessClaims good = tokens.verify(token, clock().now());
    EXPECT_EQ(good.viewed_by.text(), user("ada"));
    EXPECT_EQ(good.user.text(), user("grace"));
    const auto status_of = [&](const AccessClaims& claims) {
        return as(tokens.issue(claims), "/users/me").status;
    };
    EXPECT_EQ(status_of(good), 200);
    AccessClaims claims = good;
    claims.user = Uuid::parse(user("nala")).value();
    EXPECT_EQ(status_of(claims), 401) << "another person than the row's";
    claims = good;
    claims.viewed_by = Uuid::parse(user("second")).value();
    EXPECT_EQ(status_of(claims), 401) << "another admin than the session's";
    claims = good;
    claims.id = Uuid::make();
    EXPECT_EQ(status_of(claims), 401) << "no row";
    claims = good;
    claims.viewed_by = {};
    EXPECT_EQ(status_of(claims), 401) << "the admin's session is not the person's";
    claims = good;
    claims.session = good.id;
    claims.viewed_by = {};
    EXPECT_EQ(status_of(claims), 401) << "a view is no session";
}

}  // namespace
}  // namespace tamiti::test
