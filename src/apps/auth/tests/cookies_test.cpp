#include "apps/auth/tests/factories.hpp"
#include "core/access/csrf.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Sent = std::map<std::string, std::string>;

class Cookies : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        account("grace");
    }
    void TearDown() override { settings().env = "dev"; }
    static Settings& settings() { return const_cast<Settings&>(*site().settings); }

    static std::string set_cookie(const Answer& answer, const std::string& name) {
        for (const auto& [key, value] : answer.headers)
            if (key == "Set-Cookie" && value.starts_with(name + "=")) return value;
        return {};
    }
    /// What a browser sends back of a cookie.
    static std::string pair_of(const Answer& answer, const std::string& name) {
        const std::string cookie = set_cookie(answer, name);
        return cookie.substr(0, cookie.find(';'));
    }
    static Sent own_page(Sent more = {}) {
        more.emplace("Origin", "http://localhost");
        return more;
    }
    static Answer sign_in(const Sent& headers = own_page()) {
        return post("guest", "/auth/cookie", {{"username", "grace"}, {"password", password}}, headers);
    }
    static Sent with(const Answer& signed_in, Sent more = {}) {
        more.emplace("Cookie", "theme=dark; " + pair_of(signed_in, "tamiti_access"));
        return more;
    }
};

TEST_F(Cookies, HoldASignInThatScriptsCanNotReach) {
    const Answer answer = sign_in();
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, Not(HasSubstr("access")));
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    for (const char* name : {"tamiti_access", "tamiti_refresh", "tamiti_device"}) {
        const std::string cookie = set_cookie(answer, name);
        EXPECT_THAT(cookie, HasSubstr("; HttpOnly")) << name;
        EXPECT_THAT(cookie, HasSubstr("; SameSite=Lax")) << name;
    }
    EXPECT_THAT(set_cookie(answer, "tamiti_refresh"), HasSubstr("; Path=/api/v1/auth/cookie;"));
    EXPECT_THAT(set_cookie(answer, "tamiti_csrf"), Not(HasSubstr("HttpOnly"))) << "pages read it";
    EXPECT_EQ(pair_of(answer, "tamiti_csrf"), "tamiti_csrf=" + answer.text("csrf_token"));
    EXPECT_EQ(get("guest", "/users/me", with(answer)).text("username"), "grace");
}

TEST_F(Cookies, AreBoundToTheHostOverTls) {
    settings().env = "prod";
    const Answer answer = sign_in();
    ASSERT_EQ(answer.status, 200) << answer.body;
    for (const char* name :
         {"__Host-tamiti_access", "__Secure-tamiti_refresh", "__Host-tamiti_csrf", "__Host-tamiti_device"})
        EXPECT_THAT(set_cookie(answer, name), HasSubstr("; Secure")) << name;
    EXPECT_THAT(set_cookie(answer, "__Host-tamiti_access"), HasSubstr("; Path=/;"));
    EXPECT_EQ(get("guest", "/users/me", {{"Cookie", pair_of(answer, "__Host-tamiti_access")}}).status, 200);
    EXPECT_EQ(get("guest", "/users/me",
                  {{"Cookie", "tamiti_access=" + pair_of(answer, "__Host-tamiti_access").substr(21)}})
                  .status,
              401)
        << "a plain cookie may come from anywhere";
}

TEST_F(Cookies, AreGivenToPagesOfThisSiteOnly) {
    for (const Sent& headers :
         {Sent{}, Sent{{"Origin", "https://evil.test"}}, Sent{{"Origin", "null"}},
          Sent{{"Origin", "http://localhost.evil.test"}}, Sent{{"Sec-Fetch-Site", "cross-site"}},
          Sent{{"Sec-Fetch-Site", "same-site"}, {"Origin", "http://localhost"}}}) {
        const Answer refused = sign_in(headers);
        EXPECT_EQ(refused.status, 403) << (headers.empty() ? "" : headers.begin()->second);
        EXPECT_EQ(refused.text("code"), "auth.cross_site");
        EXPECT_EQ(refused.header("Set-Cookie"), "");
    }
    EXPECT_EQ(sign_in({{"Sec-Fetch-Site", "same-origin"}}).status, 200);
}

TEST_F(Cookies, ChangeNothingWithoutTheCsrfToken) {
    const Answer mine = sign_in(), other = sign_in();
    const auto change = [&](Sent headers) {
        return patch("guest", "/users/me", {{"job_title", "Editor"}}, with(mine, std::move(headers)));
    };
    const std::string before = sql("SELECT version FROM users_user WHERE username = 'grace'");
    for (const Sent& headers :
         {Sent{}, own_page(), own_page({{"X-CSRF-Token", "guess"}}),
          own_page({{"X-CSRF-Token", other.text("csrf_token")}}),
          Sent{{"X-CSRF-Token", mine.text("csrf_token")}},
          Sent{{"X-CSRF-Token", mine.text("csrf_token")}, {"Origin", "https://evil.test"}}}) {
        EXPECT_EQ(change(headers).status, 403);
        EXPECT_EQ(sql("SELECT version FROM users_user WHERE username = 'grace'"), before);
    }
    EXPECT_EQ(change(own_page({{"X-CSRF-Token", mine.text("csrf_token")}})).status, 200);
}

TEST_F(Cookies, GiveWayToAnAuthorizationHeader) {
    const Answer cookies = sign_in(), tokens = log_in("grace");
    Sent headers = with(cookies, as(tokens));
    EXPECT_EQ(patch("guest", "/users/me", {{"job_title", "Colourist"}}, headers).status, 200)
        << "a header is no cookie: nobody else can send it";
    headers["Authorization"] = "Bearer nonsense";
    EXPECT_EQ(get("guest", "/users/me", headers).status, 401);
}

TEST_F(Cookies, AreRefreshedFromTheirOwnRoute) {
    const Answer first = sign_in();
    const std::string token = pair_of(first, "tamiti_refresh");
    EXPECT_EQ(post("guest", "/auth/cookie/refresh", Body::none(), {{"Cookie", token}}).status, 403);
    EXPECT_EQ(post("guest", "/auth/cookie/refresh", Body::none(),
                   {{"Cookie", token}, {"Origin", "https://evil.test"}})
                  .status,
              403);
    const Answer next = post("guest", "/auth/cookie/refresh", Body::none(), own_page({{"Cookie", token}}));
    ASSERT_EQ(next.status, 200) << next.body;
    EXPECT_EQ(next.text("csrf_token"), first.text("csrf_token"))
        << "of the session, so that open pages go on";
    EXPECT_NE(pair_of(next, "tamiti_refresh"), token);
    EXPECT_EQ(get("guest", "/users/me", with(next)).status, 200);
    wait(std::chrono::seconds(11));
    EXPECT_EQ(post("guest", "/auth/cookie/refresh", Body::none(), own_page({{"Cookie", token}})).status, 401);
    EXPECT_EQ(get("guest", "/users/me", with(next)).status, 401) << "reuse ends the session";
    EXPECT_EQ(post("guest", "/auth/cookie/refresh", Body::none(), own_page()).status, 401);
}

TEST_F(Cookies, GoWithTheSession) {
    const Answer answer = sign_in();
    const std::string token = pair_of(answer, "tamiti_refresh");
    EXPECT_EQ(remove("guest", "/auth/cookie", {{"Cookie", token}}).status, 403);
    EXPECT_EQ(get("guest", "/users/me", with(answer)).status, 200);
    const Answer gone = remove("guest", "/auth/cookie", own_page({{"Cookie", token}}));
    EXPECT_EQ(gone.status, 204) << gone.body;
    for (const char* name : {"tamiti_access", "tamiti_refresh", "tamiti_csrf"})
        EXPECT_THAT(set_cookie(gone, name), HasSubstr("; Max-Age=0;")) << name;
    EXPECT_EQ(set_cookie(gone, "tamiti_device"), "") << "the device stays known";
    EXPECT_EQ(get("guest", "/users/me", with(answer)).status, 401);
    EXPECT_EQ(remove("guest", "/auth/cookie", own_page()).status, 204) << "twice changes nothing";
}

TEST_F(Cookies, TwiceOfOneNameAreNone) {
    const Answer answer = sign_in();
    const std::string one = pair_of(answer, "tamiti_access");
    EXPECT_EQ(get("guest", "/users/me", {{"Cookie", one + "; " + one}}).status, 401);
}

TEST_F(Cookies, KeepTheDeviceKnown) {
    const Answer first = sign_in();
    for (int i = 0; i < 30; ++i)
        from("10.1." + std::to_string(i) + ".1", "/auth/token",
             {{"username", "grace"}, {"password", "guess-number-1"}});
    const Body sent = {{"username", "grace"}, {"password", password}};
    EXPECT_EQ(from("203.0.113.9", "/auth/cookie", sent, own_page()).status, 429);
    EXPECT_EQ(
        from("203.0.113.9", "/auth/cookie", sent, own_page({{"Cookie", pair_of(first, "tamiti_device")}}))
            .status,
        200);
}

}  // namespace
}  // namespace tamiti::test
