#include <sodium.h>

#include <algorithm>
#include <map>
#include <thread>

#include "apps/auth/tests/factories.hpp"
#include "core/access/session_cache.hpp"
#include "core/access/tokens.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LogIn : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
        patch("ada", "/users/" + user("grace"), {{"phone", "+256772555666"}});
    }
};

TEST_F(LogIn, GivesTokensThatOpenTheApi) {
    const Answer answer = log_in("grace");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("token_type"), "Bearer");
    EXPECT_EQ(answer.text("expires_in"), "900");
    EXPECT_EQ(answer.text("refresh").size(), 43U) << "256 bits";
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(me(answer.text("access")), 200);
    EXPECT_NE(sql("SELECT last_login_at FROM users_user WHERE username = 'grace'"), "");
}

TEST_F(LogIn, TakesUsernameAddressOrTelephoneNumber) {
    for (const char* name :
         {"grace", "GRACE", "grace@studio.test", "Grace@Studio.Test", "+256772555666", "0772 555 666"})
        EXPECT_EQ(log_in(name).status, 200) << name;
    for (const char* name : {"", "gracie", "grace@studio", "%", "_race", "'; --", "\\u0000"})
        EXPECT_NE(log_in(name).status, 200) << name;
}

TEST_F(LogIn, TakesAPasswordFromAnyKeyboard) {
    account("zoe");
    const Answer session = log_in("zoe");
    const Answer changed =
        post("guest", "/auth/password/change",
             {{"current", password}, {"password", "cafe\u0301 noir \u00e9t\u00e9"}}, as(session));
    ASSERT_EQ(changed.status, 204) << changed.body;
    EXPECT_EQ(log_in("zoe", "caf\u00e9\u00a0noir e\u0301te\u0301").status, 200);
    EXPECT_EQ(log_in("zoe", "cafe noir ete").status, 401);
    EXPECT_EQ(log_in("zoe", "caf\u00e9 noir \u00e9t\u00e9 ").status, 401) << "blanks around count";
}

TEST_F(LogIn, TakesATelephoneNumberOnlyWhenItIsProven) {
    account("herself");
    ASSERT_EQ(patch("herself", "/users/me", {{"phone", "+256772555777"}}).status, 200);
    EXPECT_EQ(log_in("+256772555777").status, 401);
    ASSERT_EQ(patch("herself", "/users/me", {{"phone", "+256772555666"}}).status, 200) << "another's";
    EXPECT_EQ(log_in("+256772555666").status, 200) << "which still leads to who has proven it";
    patch("ada", "/users/" + user("herself"), {{"phone", "+256772555777"}});
    EXPECT_EQ(log_in("+256772555777").status, 200);
}

TEST_F(LogIn, RefusesEverythingAlike) {
    account("closed");
    account("expired");
    const std::string nameless = user("unset");
    patch("ada", "/users/" + user("closed"), {{"is_active", false}});
    patch("ada", "/users/" + user("expired"), {{"expires_at", "2020-01-01T00:00:00Z"}});
    const Answer wrong = log_in("grace", "not-her-password");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.text("code"), "auth.wrong_credentials");
    EXPECT_EQ(wrong.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(wrong.header("Cache-Control"), "no-store");
    for (const Answer& other : {log_in("nobody"), log_in("nobody@studio.test"), log_in("closed"),
                                log_in("closed", "wrong"), log_in("expired"), log_in("unset", ""),
                                log_in("unset", "x"), log_in("grace", std::string(1024, 'x'))}) {
        if (other.status == 422) continue;  // an empty password is no question about an account
        EXPECT_EQ(other.status, wrong.status);
        EXPECT_EQ(other.body, wrong.body);
        EXPECT_EQ(other.headers.size(), wrong.headers.size());
    }
    EXPECT_EQ(sql("SELECT count(*) FROM auth_session WHERE account = $1", user("closed")), "1")
        << "only the one of its making";
}

TEST_F(LogIn, TakesTheSameTimeForUnknownNamesAsForWrongPasswords) {
    // In turn, so that other work of the machine slows both.
    std::map<std::string, std::vector<double>> times;
    for (int i = 0; i < 15; ++i) {
        for (const std::string name : {"grace", "nobody"}) {
            forgive(name);
            const auto began = std::chrono::steady_clock::now();
            EXPECT_EQ(log_in(name, "not-the-password").status, 401);
            times[name].push_back(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        }
    }
    for (auto& [name, all] : times) std::ranges::nth_element(all, all.begin() + 7);
    const double known = times["grace"][7], unknown = times["nobody"][7];
    EXPECT_LT(unknown, 2 * known);
    EXPECT_GT(unknown, known / 2);
}

TEST_F(LogIn, IgnoresAnOldAccessTokenThatIsSentAlong) {
    const Body body = {{"username", "grace"}, {"password", "mango-lorry-84"}};
    EXPECT_EQ(post("guest", "/auth/token", body, {{"Authorization", "Bearer expired.or.broken"}}).status,
              200);
}

TEST_F(LogIn, HashesAnOldPasswordAnew) {
    std::string older(crypto_pwhash_STRBYTES, '\0');
    const std::string text = "an-older-password";
    ASSERT_EQ(crypto_pwhash_str(older.data(), text.data(), text.size(), 1, 8 * 1024 * 1024), 0);
    older.resize(older.find('\0'));
    const std::string id = account("oldie");
    transact(site(), Actor::system(),
             [&](Tx& tx) { auth::set_password(tx, {Uuid::parse(id).value()}, older); });
    EXPECT_EQ(log_in("oldie", text).status, 200);
    EXPECT_THAT(sql("SELECT hash FROM auth_password WHERE account = $1", id),
                ::testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_EQ(log_in("oldie", text).status, 200);
}

TEST_F(LogIn, KeepsNoTokenAnywhere) {
    const Answer answer = log_in("grace");
    const std::string all = sql("SELECT string_agg(t::text, '') FROM auth_refresh_token t") +
                            sql("SELECT string_agg(s::text, '') FROM auth_session s");
    EXPECT_THAT(all, Not(HasSubstr(answer.text("refresh"))));
    EXPECT_THAT(all, Not(HasSubstr(answer.text("access"))));
}

TEST_F(LogIn, NeverTakesAPasswordForGranted) {
    EXPECT_EQ(post("guest", "/auth/token", {{"username", "grace"}}).status, 422);
    EXPECT_EQ(post("guest", "/auth/token", {{"username", "grace"}, {"password", nullptr}}).status, 422);
    EXPECT_EQ(post("guest", "/auth/token", {{"username", "grace"}, {"password", {"mango-lorry-84"}}}).status,
              422);
    EXPECT_EQ(post("guest", "/auth/token",
                   {{"username", "grace"}, {"password", "mango-lorry-84"}, {"role", "admin"}})
                  .status,
              400);
    EXPECT_EQ(post("guest", "/auth/token",
                   Body::raw(R"({"username": "grace", "password": "x", "password": "mango-lorry-84"})"))
                  .status,
              400);
}

class Bearer : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
    }
};

TEST_F(Bearer, IsRefusedInOneWayWhateverIsWrong) {
    const std::string good = log_in("grace").text("access");
    const auto ask = [](const std::string& value) {
        return get("guest", "/users/me", {{"Authorization", value}});
    };
    EXPECT_EQ(ask("bearer  " + good).status, 200) << "in any case, and with more than one blank";
    const Answer first = ask("Bearer nonsense");
    EXPECT_EQ(first.status, 401);
    EXPECT_EQ(first.text("code"), "auth.invalid_token");
    EXPECT_THAT(first.header("WWW-Authenticate"), HasSubstr("invalid_token"));
    for (const std::string& value :
         {std::string("Bearer"), std::string("Bearer "), "Basic " + good, good, "Bearer" + good,
          "Bearer " + good + "x", "Bearer " + good + ", Bearer " + good,
          "Bearer " + std::string(100'000, '.')}) {
        const Answer other = ask(value);
        EXPECT_EQ(other.status, 401) << value.substr(0, 40);
        EXPECT_EQ(other.body, first.body) << value.substr(0, 40);
    }
    EXPECT_EQ(ask("Bearer " + good).status, 200);
    EXPECT_EQ(ask("bearer " + good).status, 200) << "the name of a scheme has no case";
}

TEST_F(Bearer, TokensOfOnePurposeAreWorthlessForAnother) {
    const Answer tokens = log_in("grace");
    EXPECT_EQ(me(tokens.text("refresh")), 401);
    EXPECT_EQ(refresh(tokens.text("access")).status, 401);
}

TEST_F(Bearer, ExpiresAfterAQuarterOfAnHour) {
    const std::string access = log_in("grace").text("access");
    wait(std::chrono::seconds(899));
    EXPECT_EQ(me(access), 200);
    wait(std::chrono::seconds(1));
    EXPECT_EQ(me(access), 401);
}

TEST_F(Bearer, OfASessionThatNeverWasIsRefused) {
    AccessClaims claims;
    claims.user = Uuid::parse(user("grace")).value();
    claims.session = Uuid::make();
    claims.id = Uuid::make();
    claims.issued_at = clock().now();
    claims.expires_at = clock().now() + std::chrono::minutes(5);
    EXPECT_EQ(me(AccessTokens(site()).issue(claims)), 401);
}

TEST_F(Bearer, OfSomebodyElsesSessionIsRefused) {
    const std::string id = sql("SELECT id FROM auth_session WHERE account = $1 LIMIT 1", user("ada"));
    AccessClaims claims;
    claims.user = Uuid::parse(user("grace")).value();
    claims.session = Uuid::parse(id).value();
    claims.id = Uuid::make();
    claims.issued_at = clock().now();
    claims.expires_at = clock().now() + std::chrono::minutes(5);
    EXPECT_EQ(me(AccessTokens(site()).issue(claims)), 401);
}

TEST_F(Bearer, FeelsWhatChangedOnAnotherNodeWithinASecond) {
    const std::string access = log_in("grace").text("access");
    EXPECT_EQ(me(access), 200);
    change_elsewhere("UPDATE users_user SET is_active = false WHERE id = $1", user("grace"));
    std::this_thread::sleep_for(SessionCache::longest_age);
    EXPECT_EQ(me(access), 401);
    change_elsewhere("UPDATE users_user SET is_active = true WHERE id = $1", user("grace"));
}

TEST_F(Bearer, CostsNoQueryWhereItWasSeenInTheLastSecond) {
    const std::string access = log_in("grace").text("access");
    EXPECT_EQ(me(access), 200);
    const auto statements = [] { return site().pool->acquire()->statements(); };
    const auto ask = [&] {
        const auto before = statements();
        EXPECT_EQ(get("guest", "/users?page_size=1", {{"Authorization", "Bearer " + access}}).status, 200);
        return statements() - before;
    };
    ask();
    const auto seen = ask();
    site().memory.get<SessionCache>(site()).forget_user(Uuid::parse(user("grace")).value());
    EXPECT_GT(ask(), seen) << "the first time it takes one";
}

}  // namespace
}  // namespace tamiti::test
