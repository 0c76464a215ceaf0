#include <boost/crc.hpp>

#include "apps/auth/tests/second_factor_studio.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/auth/tokens/make_token_command.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "core/access/session_cache.hpp"

namespace tamiti::test {
namespace {

using http::Method;

class PersonalTokens : public FactorStudio {
public:
    static void SetUpTestSuite() {
        FactorStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
        account("okello");
    }
    static int reads(const std::string& token, const std::string& path = "/users/me") {
        return get("guest", path, bearer(token)).status;
    }
    /// As another node sees it once what it remembers is a second old.
    static void forget_all() {
        for (const char* name : {"ada", "grace", "okello"})
            site().memory.get<SessionCache>(site()).forget_user(Uuid::parse(user(name)).value());
    }
};

TEST_F(PersonalTokens, AreShownOnceAndKeptHashed) {
    const Answer made = make_token("grace", {"users:read"});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.header("Cache-Control"), "no-store");
    const std::string token = made.text("token");
    EXPECT_THAT(token, ::testing::MatchesRegex("tmt_[0-9a-f]+"));
    EXPECT_EQ(token.size(), 76U);
    EXPECT_EQ(made.text("grants"), R"(["users:read"])");
    const Answer list = get("grace", "/auth/tokens");
    ASSERT_EQ(list.status, 200);
    EXPECT_EQ(list.text("0.id"), made.text("id"));
    EXPECT_EQ(list.text("0.last_used_at"), "null");
    EXPECT_EQ(list.body.find(token), list.body.npos);
    EXPECT_EQ(list.body.find("hash"), list.body.npos);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_personal_token_key WHERE hash = $1", token), "0");
    EXPECT_EQ(get("okello", "/auth/tokens").body, "[]");
    EXPECT_EQ(reads(token), 200);
}

TEST_F(PersonalTokens, HaveAFormThatShowsTypingErrors) {
    const std::string token = make_token("grace").text("token");
    EXPECT_TRUE(auth::has_personal_token_form(token));
    EXPECT_FALSE(auth::has_personal_token_form(""));
    EXPECT_FALSE(auth::has_personal_token_form("tmt_"));
    EXPECT_FALSE(auth::has_personal_token_form(token + "0"));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string typed = token;
        typed[i] = typed[i] == '7' ? '8' : '7';
        EXPECT_FALSE(auth::has_personal_token_form(typed)) << i;
        EXPECT_EQ(reads(typed), 401) << i;
    }
    std::string upper = token;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    EXPECT_EQ(reads(upper), 401) << "one spelling only";
}

TEST_F(PersonalTokens, MadeUpWithTheRightFormAreRefusedBeforeTheDatabaseIsAsked) {
    const auto made_up = [](int number) {
        std::string text = "tmt_" + auth::token_hash("made up " + std::to_string(number));
        boost::crc_32_type crc;
        crc.process_bytes(text.data(), text.size());
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", crc.checksum());
        return text + digits;
    };
    const auto ask = [](const std::string& address, const std::string& token) {
        return from(address, "/users/me", Body::none(), bearer(token), Method::get);
    };
    const std::string used = make_token("grace").text("token"), fresh = make_token("grace").text("token");
    EXPECT_TRUE(auth::has_personal_token_form(made_up(0)));
    EXPECT_EQ(ask("203.0.113.7", used).status, 200);
    forget_all();
    for (int i = 0; i < 40; ++i)
        EXPECT_EQ(ask("203.0.113.7", "tmt_" + std::string(72, 'a')).status, 401)
            << "the checksum costs nothing";
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(ask("203.0.113." + std::to_string(i), made_up(i)).status, 401) << i;
    const Answer refused = ask("203.0.113.99", made_up(30));
    EXPECT_EQ(refused.status, 429);
    EXPECT_NE(refused.header("Retry-After"), "");
    EXPECT_EQ(ask("203.0.113.7", used).status, 200) << "a token that was seen before is somebody's";
    EXPECT_EQ(ask("203.0.113.7", fresh).status, 429);
    EXPECT_EQ(ask("198.51.100.7", fresh).status, 200) << "other networks notice nothing";
    EXPECT_EQ(ask("198.51.100.8", made_up(31)).status, 401);
}

TEST_F(PersonalTokens, NeverMakeAccountsNorChangeWhoMayDoWhat) {
    const std::map<std::string, std::string> token = bearer(make_token("ada").text("token"));
    const std::string path = "/users/" + user("okello");
    const std::string before = sql("SELECT u::text FROM users_user u WHERE username = 'okello'");
    for (const Body& change :
         {Body{{"roles", {"admin"}}}, Body{{"email", "mine@mail.test"}}, Body{{"is_active", false}},
          Body{{"is_verified", false}}, Body{{"expires_at", "2027-01-01T00:00:00Z"}}}) {
        const Answer refused = patch("guest", path, change, token);
        EXPECT_EQ(refused.status, 403) << change;
        EXPECT_EQ(refused.text("code"), "auth.token_scope");
        EXPECT_EQ(refused.json().at("errors").as_object().size(), 1U) << refused.body;
    }
    for (const char* verb : {"/deactivate", "/reactivate", "/erase"})
        EXPECT_EQ(post("guest", path + verb, {}, token).text("code"), "auth.token_scope") << verb;
    EXPECT_EQ(sql("SELECT u::text FROM users_user u WHERE username = 'okello'"), before);
    EXPECT_EQ(post("guest", "/users",
                   {{"username", "mole"}, {"email", "mole@mail.test"}, {"roles", {"staff"}}}, token)
                  .text("code"),
              "auth.token_scope");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'mole'"), "0");
    EXPECT_EQ(patch("guest", path, {{"job_title", "Editor"}, {"roles", {"staff"}}}, token).status, 200)
        << "what is the same is no change";
}

TEST_F(PersonalTokens, DoWhatTheirGrantsAndTheirHolderMay) {
    const std::string reader = make_token("ada", {"users:read"}).text("token");
    const std::string all = make_token("grace").text("token");
    const std::string writer = make_token("ada", {"projects:write"}).text("token");
    EXPECT_EQ(reads(reader, "/users"), 200);
    EXPECT_EQ(reads(reader, "/projects"), 403);
    EXPECT_EQ(get("guest", "/projects", bearer(reader)).text("code"), "auth.token_scope");
    EXPECT_EQ(post("guest", "/departments", {{"name", "Sound"}}, bearer(reader)).status, 403);
    EXPECT_EQ(post("guest", "/departments", {{"name", "Sound"}}, bearer(all)).status, 403)
        << "grants give nothing that the holder may not do";
    EXPECT_EQ(reads(writer, "/projects"), 403) << "to write is not to read";
    EXPECT_EQ(reads(writer, "/users/me"), 403);
    EXPECT_EQ(sql("SELECT count(*) FROM users_department WHERE name = 'Sound'"), "0");
}

TEST_F(PersonalTokens, ManageNeitherTokensNorPasswordsNorSessions) {
    const std::string token = make_token("grace").text("token");
    const std::string tokens = sql("SELECT count(*) FROM auth_personal_token");
    const Body body = {{"name", "Child"},
                       {"grants", {"*:read"}},
                       {"expires_at", format(clock().now() + std::chrono::hours(1))}};
    EXPECT_EQ(post("guest", "/auth/tokens", body, bearer(token)).status, 403);
    EXPECT_EQ(get("guest", "/auth/tokens", bearer(token)).status, 403);
    EXPECT_EQ(
        remove("guest", "/auth/tokens/" + get("grace", "/auth/tokens").text("0.id"), bearer(token)).status,
        403);
    EXPECT_EQ(get("guest", "/auth/sessions", bearer(token)).status, 403);
    EXPECT_EQ(post("guest", "/auth/logout-all", {}, bearer(token)).status, 403);
    EXPECT_EQ(post("guest", "/auth/view-as/" + user("okello"), {{"reason", "x"}},
                   bearer(make_token("ada").text("token")))
                  .status,
              403);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_personal_token WHERE name = 'Child'"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_view"), "0");
    EXPECT_EQ(reads(token), 200) << "and it still holds";
}

TEST_F(PersonalTokens, EndWhenTheyAreRevoked) {
    const Answer made = make_token("grace");
    const std::string path = "/auth/tokens/" + made.text("id");
    EXPECT_EQ(reads(made.text("token")), 200);
    EXPECT_EQ(remove("guest", path).status, 401);
    EXPECT_EQ(remove("okello", path).status, 404);
    EXPECT_EQ(remove("ada", path).status, 404) << "an admin closes accounts, not tokens";
    EXPECT_EQ(reads(made.text("token")), 200);
    EXPECT_EQ(remove("grace", path).status, 204);
    EXPECT_EQ(reads(made.text("token")), 401) << "at once";
    EXPECT_EQ(remove("grace", path).status, 404);
}

TEST_F(PersonalTokens, RevokedElsewhereEndWithinASecond) {
    const Answer made = make_token("grace");
    EXPECT_EQ(reads(made.text("token")), 200);
    change_elsewhere("UPDATE auth_personal_token SET revoked_at = now() WHERE id = $1", made.text("id"));
    const auto began = std::chrono::steady_clock::now();
    while (reads(made.text("token")) == 200 &&
           std::chrono::steady_clock::now() - began < std::chrono::seconds(3))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1200));
    EXPECT_EQ(reads(made.text("token")), 401);
}

TEST_F(PersonalTokens, EndWithTheirHolderAndStayEnded) {
    account("leaver");
    const std::string token = make_token("leaver").text("token");
    EXPECT_EQ(reads(token), 200);
    const auto set_active = [&](bool active) {
        return patch("ada", "/users/" + user("leaver"), {{"is_active", active}}).status;
    };
    EXPECT_EQ(set_active(false), 200);
    EXPECT_EQ(reads(token), 401);
    clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(set_active(true), 200);
    EXPECT_EQ(reads(token), 401) << "whoever comes back makes new ones";
}

TEST_F(PersonalTokens, EndInTheirTime) {
    const std::string token = make_token("grace", {"*:read"}, std::chrono::hours(1)).text("token");
    EXPECT_EQ(reads(token), 200);
    const Timestamp before = clock().now();
    clock().advance(std::chrono::minutes(59));
    EXPECT_EQ(reads(token), 200);
    clock().advance(std::chrono::minutes(1));
    EXPECT_EQ(reads(token), 401);
    clock().set(before);
}

TEST_F(PersonalTokens, AreRefusedWithAllThatIsWrongWithThem) {
    const auto refused = [&](const Body& body, const std::vector<std::string>& fields) {
        const Answer answer = post("grace", "/auth/tokens", body);
        EXPECT_EQ(answer.status, 422) << body;
        for (const std::string& field : fields)
            EXPECT_TRUE(answer.json().at("errors").as_object().contains(field))
                << field << " in " << answer.body;
    };
    const std::string soon = format(clock().now() + std::chrono::hours(1));
    refused({{"name", " "}, {"grants", Array{}}, {"expires_at", soon}}, {"name"});
    refused({{"name", "x"}, {"grants", Array{}}, {"expires_at", soon}}, {"grants"});
    refused({{"name", "x"},
             {"grants", {"projects", "nowhere:read", "projects:delete", "auth:write", ":read"}},
             {"expires_at", "2020-01-01T00:00:00Z"}},
            {"grants.0", "grants.1", "grants.2", "grants.3", "grants.4", "expires_at"});
    refused({{"name", "x"},
             {"grants", {"*:read"}},
             {"expires_at", format(clock().now() + std::chrono::hours(24 * 366))}},
            {"expires_at"});
    EXPECT_EQ(post("grace", "/auth/tokens", {{"name", "x"}, {"grants", {"*:read"}}, {"account", "y"}}).status,
              400);
}

TEST_F(PersonalTokens, AreFiftyAtMost) {
    account("many");
    std::string last;
    for (int i = 0; i < 50; ++i) {
        const Answer made = make_token("many");
        ASSERT_EQ(made.status, 201) << made.body;
        last = made.text("id");
    }
    EXPECT_EQ(make_token("many").text("code"), "auth.too_many_tokens");
    EXPECT_EQ(remove("many", "/auth/tokens/" + last).status, 204);
    std::vector<std::thread> threads;
    std::vector<int> statuses(4);
    for (int& status : statuses) threads.emplace_back([&] { status = make_token("many").status; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::ranges::count(statuses, 201), 1) << "also when several are asked for at once";
}

TEST_F(PersonalTokens, RememberTheirLastUseToTheMinute) {
    const Answer made = make_token("grace");
    const auto used = [&] {
        return sql("SELECT last_used_at FROM auth_personal_token_key WHERE token = $1", made.text("id"));
    };
    EXPECT_EQ(used(), "");
    EXPECT_EQ(reads(made.text("token")), 200);
    const std::string first = used();
    EXPECT_NE(first, "");
    EXPECT_EQ(get("grace", "/auth/tokens").text("0.last_used_address"), "127.0.0.1");
    clock().advance(std::chrono::seconds(59));
    forget_all();
    EXPECT_EQ(reads(made.text("token")), 200);
    EXPECT_EQ(used(), first) << "one write a minute";
    clock().advance(std::chrono::seconds(1));
    forget_all();
    EXPECT_EQ(reads(made.text("token")), 200);
    EXPECT_NE(used(), first);
    EXPECT_EQ(sql("SELECT version FROM auth_personal_token WHERE id = $1", made.text("id")), "1")
        << "use is no change of the token";
}

TEST_F(PersonalTokens, WriteWhoseTokenChangedSomething) {
    const Answer made = make_token("ada");
    EXPECT_EQ(post("guest", "/branches", {{"name", "Gulu"}}, bearer(made.text("token"))).status, 201);
    EXPECT_EQ(sql("SELECT actor || ' ' || via FROM core_audit WHERE table_name = 'users_branch' ORDER BY id "
                  "DESC LIMIT "
                  "1"),
              user("ada") + " token " + made.text("id"));
}

TEST_F(PersonalTokens, AreAnnouncedAWeekBeforeTheyEndAndOnce) {
    account("warned");
    using std::chrono::hours;
    const std::string soon = make_token("warned", {"*:read"}, hours(24 * 10)).text("id");
    const std::string later = make_token("warned", {"*:read"}, hours(24 * 60)).text("id");
    const std::string brief = make_token("warned", {"*:read"}, hours(24 * 2)).text("id");
    const Timestamp before = clock().now();
    const auto run = [] {
        transact(site(), Actor::system(), [](Tx& tx) { auth::warn_of_expiring_tokens(tx, {}); });
    };
    const auto warned = [] {
        return sql(
            "SELECT coalesce(string_agg(t.id::text, ' '), '') FROM auth_personal_token t JOIN users_user u "
            "ON "
            "u.id = t.account WHERE u.username = 'warned' AND warned_at IS NOT NULL");
    };
    run();
    EXPECT_EQ(warned(), "");
    clock().advance(hours(24 * 3) + hours(1));
    run();
    EXPECT_EQ(warned(), soon);
    run();
    EXPECT_EQ(sql("SELECT string_agg(template, ' ') FROM core_mail WHERE recipient = 'warned@studio.test'"),
              "personal_token_expiring");
    clock().set(before);
}

TEST_F(PersonalTokens, LetProgramsInThatHaveNoPassword) {
    user("robot", {Role::staff});
    settings().second_factor_roles = "staff";
    testing::internal::CaptureStdout();
    const auto run = [](std::map<std::string, std::string> options) {
        return auth::make_token_command().run(site(), options);
    };
    EXPECT_EQ(run({{"username", "Robot"},
                   {"name", "build"},
                   {"grants", "users:read, projects:read"},
                   {"days", "30"}}),
              0);
    std::string token = testing::internal::GetCapturedStdout();
    token.pop_back();
    EXPECT_EQ(reads(token, "/users/me"), 200);
    EXPECT_EQ(reads(token, "/projects"), 200) << "who has no password has no second factor to add";
    settings().second_factor_roles.clear();
    EXPECT_EQ(run({{"username", "nobody"}, {"name", "build"}, {"grants", "users:read"}}), 1);
    EXPECT_EQ(run({{"username", "robot"}, {"name", "build"}, {"grants", "nowhere:read"}}), 1);
    EXPECT_EQ(run({{"username", "robot"}, {"name", "build"}, {"grants", "users:read"}, {"days", "400"}}), 1);
    EXPECT_EQ(run({{"username", "robot"}, {"name", "build"}, {"grants", "users:read"}, {"days", "ten"}}), 1);
}

TEST_F(PersonalTokens, EndWithAPasswordThatIsResetAndOutliveOneThatIsChanged) {
    account("owner");
    const std::string token = make_token("owner").text("token");
    const std::string others = make_token("grace").text("token");
    EXPECT_EQ(post("guest", "/auth/password/change",
                   {{"current", password}, {"password", "kasese-window-31"}}, as(log_in("owner")))
                  .status,
              204);
    EXPECT_EQ(post("guest", "/auth/password/reset", {{"email", "owner@studio.test"}}).status, 202);
    run_jobs();
    EXPECT_EQ(reads(token), 200) << "neither a change nor a link that nobody used ends it";
    const std::string link = token_to("owner@studio.test", "reset_password");
    EXPECT_EQ(post("guest", "/auth/password/reset/confirm", {{"token", link}, {"password", "another-one-77"}})
                  .status,
              200);
    EXPECT_EQ(reads(token), 401);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_personal_token WHERE account = $1 AND revoked_at IS NULL",
                  user("owner")),
              "0");
    EXPECT_EQ(reads(others), 200);
}

TEST_F(PersonalTokens, AreNotMadeByASessionThatEndedElsewhere) {
    account("stolen");
    const Answer thief = log_in("stolen");
    EXPECT_EQ(me(thief.text("access")), 200) << "this node remembers the session for a second";
    change_elsewhere(
        "UPDATE auth_session SET ended_at = now(), end_reason = 'password_reset' WHERE account = $1",
        user("stolen"));
    const Body asked = {{"name", "Backdoor"},
                        {"grants", {"*:read"}},
                        {"expires_at", format(clock().now() + std::chrono::hours(24))}};
    EXPECT_EQ(post("guest", "/auth/tokens", asked, as(thief)).status, 401);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_personal_token WHERE account = $1", user("stolen")), "0");
}

}  // namespace
}  // namespace tamiti::test
