#include "apps/auth/passwords/create_superuser.hpp"
#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using http::Method;

class Sessions : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
        account("okello");
    }

    static Answer as(const Answer& tokens, Method method, const std::string& path,
                     const Body& body = Body::none()) {
        return send(method, "guest", path, body, {{"Authorization", "Bearer " + tokens.text("access")}});
    }
};

TEST_F(Sessions, EndWithTheAccessToken) {
    const Answer tokens = log_in("grace");
    EXPECT_EQ(as(tokens, Method::post, "/auth/logout", {}).status, 204);
    EXPECT_EQ(me(tokens.text("access")), 401);
    EXPECT_EQ(refresh(tokens.text("refresh")).status, 401);
}

TEST_F(Sessions, EndWithTheRefreshTokenToo) {
    const Answer tokens = log_in("grace");
    EXPECT_EQ(me(tokens.text("access")), 200);
    const Body body = {{"refresh", tokens.text("refresh")}};
    EXPECT_EQ(post("guest", "/auth/logout", body).status, 204);
    EXPECT_EQ(me(tokens.text("access")), 401);
    EXPECT_EQ(post("guest", "/auth/logout", body).status, 204) << "twice changes nothing";
    EXPECT_EQ(post("guest", "/auth/logout", {{"refresh", "unknown"}}).status, 204) << "nor tells what exists";
    EXPECT_EQ(post("guest", "/auth/logout", {}).status, 401);
}

TEST_F(Sessions, EndEvenWhenTheAccessTokenHasExpired) {
    const Answer tokens = log_in("grace");
    const Timestamp before = clock().now();
    wait(std::chrono::minutes(16));
    EXPECT_EQ(as(tokens, Method::post, "/auth/logout", {{"refresh", tokens.text("refresh")}}).status, 204);
    EXPECT_EQ(refresh(tokens.text("refresh")).status, 401);
    EXPECT_EQ(as(tokens, Method::post, "/auth/logout", {}).status, 401);
    clock().set(before);
}

TEST_F(Sessions, OfOnePersonEndAllAtOnceAndNobodyElses) {
    const Answer phone = log_in("grace"), laptop = log_in("grace"), other = log_in("okello");
    EXPECT_EQ(me(phone.text("access")), 200);
    EXPECT_EQ(me(laptop.text("access")), 200);
    EXPECT_EQ(post("guest", "/auth/logout-all").status, 401);
    EXPECT_EQ(as(phone, Method::post, "/auth/logout-all", {}).status, 204);
    EXPECT_EQ(me(phone.text("access")), 401);
    EXPECT_EQ(me(laptop.text("access")), 401);
    EXPECT_EQ(refresh(laptop.text("refresh")).status, 401);
    EXPECT_EQ(me(other.text("access")), 200);
}

TEST_F(Sessions, AreListedToTheirOwnerOnly) {
    account("lister");
    const Answer phone = log_in("lister");
    wait(std::chrono::seconds(1));
    const Answer laptop = log_in("lister");
    const Answer ended = log_in("lister");
    as(ended, Method::post, "/auth/logout", {});
    EXPECT_EQ(get("guest", "/auth/sessions").status, 401);
    const Answer list = as(laptop, Method::get, "/auth/sessions");
    ASSERT_EQ(list.status, 200) << list.body;
    ASSERT_EQ(list.json().as_array().size(), 3U) << "these two, and the one of the account's making";
    EXPECT_EQ(list.text("0.is_current"), "true");
    EXPECT_EQ(list.text("1.is_current"), "false");
    EXPECT_EQ(list.text("0.address"), "127.0.0.1");
    for (const char* secret : {"hash", "refresh", "account"})
        EXPECT_FALSE(list.json().as_array()[0].as_object().contains(secret));
}

TEST_F(Sessions, AreEndedByTheirOwnerOnly) {
    const Answer phone = log_in("grace"), laptop = log_in("grace"), other = log_in("okello");
    const std::string path = "/auth/sessions/" + as(phone, Method::get, "/auth/sessions").text("0.id");
    const std::string mine =
        as(phone, Method::get, "/auth/sessions").text("0.is_current") == "true" ? "phone" : "laptop";
    EXPECT_EQ(remove("guest", path).status, 401);
    EXPECT_EQ(as(other, Method::delete_, path).status, 404);
    EXPECT_EQ(remove("ada", path).status, 404) << "an admin closes accounts, not sessions";
    EXPECT_EQ(me(phone.text("access")), 200);
    EXPECT_EQ(me(laptop.text("access")), 200);
    EXPECT_EQ(as(mine == "phone" ? laptop : phone, Method::delete_, path).status, 204);
    EXPECT_EQ(me((mine == "phone" ? phone : laptop).text("access")), 401);
    EXPECT_EQ(me((mine == "phone" ? laptop : phone).text("access")), 200);
    EXPECT_EQ(as(mine == "phone" ? laptop : phone, Method::delete_, path).status, 404) << "it is gone";
}

TEST_F(Sessions, RememberWhatTheClientCallsItselfWithoutTrickery) {
    const Body body = {{"username", "grace"}, {"password", "mango-lorry-84"}};
    EXPECT_EQ(post("guest", "/auth/token", body,
                   {{"User-Agent", "Tamiti\xff\x1b[2J/1.0 " + std::string(1000, 'x')}})
                  .status,
              200);
    EXPECT_EQ(sql("SELECT left(device, 20) FROM auth_session ORDER BY created_at DESC, id DESC LIMIT 1"),
              "Tamiti[2J/1.0 xxxxxx");
}

class CreateSuperuser : public AuthStudio {
public:
    static int run(const std::map<std::string, std::string>& options) {
        return auth::create_superuser().run(site(), options);
    }
};

TEST_F(CreateSuperuser, MakesAnAdminWhoCanSignInAndNoSecondOfTheName) {
    EXPECT_EQ(run({{"username", "Boss"}, {"email", "boss@studio.test"}, {"password", "owino-tuesday-7"}}), 0);
    EXPECT_EQ(log_in("boss", "owino-tuesday-7").status, 200);
    EXPECT_EQ(sql("SELECT roles FROM users_user WHERE username = 'boss'"), "{admin}");
    EXPECT_EQ(run({{"username", "BOSS"}, {"email", "other@studio.test"}, {"password", "owino-tuesday-7"}}),
              1);
    EXPECT_EQ(run({{"username", "second"}, {"email", "Boss@Studio.Test"}, {"password", "owino-tuesday-7"}}),
              1);
    EXPECT_EQ(sql("SELECT count(*) FROM users_user"), "1");
}

TEST_F(CreateSuperuser, RefusesWhatWouldNotDo) {
    EXPECT_EQ(run({{"username", "weak"}, {"email", "weak@studio.test"}, {"password", "password123"}}), 1);
    EXPECT_EQ(run({{"username", "a b"}, {"email", "weak@studio.test"}, {"password", "owino-tuesday-7"}}), 1);
    EXPECT_EQ(run({{"username", "weak"}, {"email", "weak"}, {"password", "owino-tuesday-7"}}), 1);
    setenv("TAMITI_SUPERUSER_PASSWORD", "owino-tuesday-8", 1);
    EXPECT_EQ(run({{"username", "byenv"}, {"email", "byenv@studio.test"}}), 0);
    unsetenv("TAMITI_SUPERUSER_PASSWORD");
    EXPECT_EQ(log_in("byenv", "owino-tuesday-8").status, 200);
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'weak'"), "0");
}

}  // namespace
}  // namespace tamiti::test
