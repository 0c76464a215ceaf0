#include <algorithm>
#include <thread>

#include "apps/auth/passwords/links.hpp"
#include "apps/auth/tests/factories.hpp"
#include "core/model/member.hpp"

namespace tamiti::test {
namespace {

class Register : public AuthStudio {
public:
    static Object form(const std::string& name, const std::string& with = "owino-tuesday-7") {
        return {{"username", name}, {"email", name + "@mail.test"}, {"password", with}};
    }
    void TearDown() override {
        settings().registration = "open";
        transact(site(), Actor::system(), [](Tx& tx) { tx.execute(Sql("DELETE FROM core_setting")); });
    }
    static Answer verify(const std::string& token, const std::string& with = "owino-tuesday-7") {
        return post("guest", "/auth/verify", {{"token", token}, {"password", with}});
    }
    static Settings& settings() { return const_cast<Settings&>(*site().settings); }
};

TEST_F(Register, MakesAnAccountThatSeesNothingButItself) {
    user("bystander");
    EXPECT_EQ(post("guest", "/auth/register", form("newcomer")).status, 202);
    EXPECT_EQ(verify(token_to("newcomer@mail.test", "verify_address")).status, 200);
    const Answer tokens = log_in("newcomer", "owino-tuesday-7");
    ASSERT_EQ(tokens.status, 200);
    const std::map<std::string, std::string> bearer = {{"Authorization", "Bearer " + tokens.text("access")}};
    const Answer mine = get("guest", "/users/me", bearer);
    EXPECT_EQ(mine.text("roles"), R"(["client"])");
    EXPECT_EQ(mine.text("is_verified"), "true");
    EXPECT_EQ(get("guest", "/users", bearer).each("username"), std::vector<std::string>{"newcomer"});
}

TEST_F(Register, NeverGivesARole) {
    for (const Object& more :
         {Object{{"roles", {"admin"}}}, Object{{"role", "staff"}}, Object{{"is_active", true}},
          Object{{"is_verified", true}}, Object{{"id", "x"}}})
        EXPECT_EQ(post("guest", "/auth/register", joined(form("climber"), more)).status, 400) << more;
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'climber'"), "0");
}

TEST_F(Register, AnswersAlikeWhetherOrNotThePersonIsKnown) {
    const Answer fresh = post("guest", "/auth/register", form("twin"));
    const std::string before =
        sql("SELECT string_agg(u::text || p.hash, '' ORDER BY id) FROM users_user u LEFT JOIN auth_password "
            "p ON account = id");
    const Answer known = post("guest", "/auth/register", form("twin", "another-password-9"));
    const Answer known_mail =
        post("guest", "/auth/register",
             {{"username", "other"}, {"email", "TWIN@mail.test"}, {"password", "owino-tuesday-7"}});
    const Answer known_name =
        post("guest", "/auth/register",
             {{"username", "TWIN"}, {"email", "x@mail.test"}, {"password", "owino-tuesday-7"}});
    for (const Answer& answer : {known, known_mail, known_name}) {
        EXPECT_EQ(answer.status, 202);
        EXPECT_EQ(answer.body, fresh.body);
        EXPECT_EQ(answer.headers.size(), fresh.headers.size());
    }
    EXPECT_EQ(sql("SELECT string_agg(u::text || p.hash, '' ORDER BY id) FROM users_user u LEFT JOIN "
                  "auth_password p ON account = id"),
              before)
        << "and the account that was there is untouched";
    EXPECT_EQ(log_in("twin", "another-password-9").status, 401);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_registration WHERE NOT was_made"), "3");
}

TEST_F(Register, RefusesWeakPasswordsAndBadNames) {
    for (const char* weak : {"short", "password123", "qwertyuiop", "weakling@mail.test"}) {
        const Answer refused = post("guest", "/auth/register", form("weakling", weak));
        EXPECT_EQ(refused.status, 422) << weak;
        EXPECT_NE(refused.text("errors.password.0"), "") << weak;
    }
    const Answer both =
        post("guest", "/auth/register", {{"username", "no"}, {"email", "a@b.test"}, {"password", "short"}});
    EXPECT_EQ(both.status, 422);
    EXPECT_NE(both.text("errors.username.0"), "");
    EXPECT_NE(both.text("errors.password.0"), "");
    EXPECT_EQ(post("guest", "/auth/register",
                   {{"username", "nobody"}, {"email", "nobody"}, {"password", "owino-tuesday-7"}})
                  .status,
              422);
}

TEST_F(Register, ClosesWhereTheStudioSaysSo) {
    for (const char* closed : {"invite", "closed"}) {
        settings().registration = closed;
        const Answer refused = post("guest", "/auth/register", form("outsider"));
        EXPECT_EQ(refused.status, 403) << closed;
        EXPECT_EQ(refused.text("code"), "auth.registration_closed");
    }
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'outsider'"), "0");
}

TEST_F(Register, GoesByWhatTheStudioSetWhateverTheDeploymentSays) {
    user("boss", {Role::admin});
    settings().registration = "closed";
    const std::string path = "/settings/auth.registration";
    EXPECT_EQ(get("boss", path).body, R"({"mode":"closed","domains":[]})") << "until somebody sets it";
    access(http::Method::patch, path, {{"mode", "open"}, {"domains", {"Studio.test"}}},
           {{"guest", 401}, {"ada", 403}, {"boss", 200}});
    EXPECT_EQ(post("guest", "/auth/register", form("outsider")).text("errors.email.0"),
              "Use an address of studio.test.");
    EXPECT_EQ(register_account("insider2", "insider2@studio.test").status, 202);
    settings().registration_domains = "mail.test";
    EXPECT_EQ(post("guest", "/auth/register", form("outsider")).status, 422) << "the studio has said which";
    settings().registration_domains.clear();
    EXPECT_EQ(patch("boss", path, {{"mode", "invite"}}).text("domains"), R"(["studio.test"])");
    settings().registration = "open";
    EXPECT_EQ(post("guest", "/auth/register", form("outsider")).text("detail"),
              "New accounts are made by invitation only.");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'outsider'"), "0");
}

TEST_F(Register, TakesNoDomainThatNoAddressCouldHave) {
    user("boss", {Role::admin});
    const std::string path = "/settings/auth.registration";
    EXPECT_EQ(patch("boss", path, {{"domains", {"studio.test", "@studio"}}}).text("errors.domains.0"),
              "@studio is no domain of mail addresses such as studio.example.");
    EXPECT_EQ(patch("boss", path, {{"mode", "sometimes"}}).status, 422);
    EXPECT_EQ(get("boss", path).body, R"({"mode":"open","domains":[]})");
}

TEST_F(Register, InParallelMakesOneAccount) {
    std::vector<std::thread> threads;
    std::vector<int> statuses(4);
    for (int& status : statuses)
        threads.emplace_back([&] { status = post("guest", "/auth/register", form("race")).status; });
    for (std::thread& thread : threads) thread.join();
    for (int status : statuses)
        EXPECT_THAT(status, ::testing::AnyOf(202, 429, 503)) << "503 where too many hash at once";
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'race'"), "1");
}

TEST_F(Register, SendsTheLinkInTheTransactionOfTheAccount) {
    EXPECT_EQ(register_account("linked", "linked@mail.test").status, 202);
    EXPECT_EQ(mails_to("linked@mail.test"), "verify_address");
    EXPECT_EQ(sql("SELECT is_verified FROM users_user WHERE username = 'linked'"), "f");
    const std::string token = token_to("linked@mail.test", "verify_address");
    EXPECT_EQ(token.size(), 43U) << "256 bits";
    EXPECT_EQ(sql("SELECT count(*) FROM auth_link WHERE hash = $1", token), "0") << "kept hashed";
    EXPECT_EQ(sql("SELECT count(*) FROM auth_link WHERE hash = $1", auth::token_hash(token)), "1");
}

TEST_F(Register, TellsTheOwnerOfAnAddressAndNobodyElse) {
    register_account("owner", "owner@mail.test");
    const std::string passwords = sql("SELECT count(*) FROM auth_password");
    register_account("thief", "Owner@Mail.test", "another-password-9");
    EXPECT_EQ(mails_to("owner@mail.test"), "verify_address,registration_known") << "to the stored address";
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient = 'Owner@mail.test'"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'thief'"), "0");
    register_account("owner", "elsewhere@mail.test");
    EXPECT_EQ(mails_to("elsewhere@mail.test"), "registration_name_taken");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_password"), passwords) << "nothing is left of what was undone";
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE email LIKE '%@nobody.invalid'"), "0");
}

TEST_F(Register, TakesAddressesOfTheListedDomainsOnly) {
    register_account("insider", "insider@mail.test");
    settings().registration_domains = "studio.test, partner.test";
    const Answer known = register_account("somebody", "insider@mail.test");
    const Answer fresh = register_account("somebody", "fresh@mail.test");
    for (const Answer& refused : {known, fresh}) {
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.text("errors.email.0"), "Use an address of studio.test or partner.test.");
    }
    EXPECT_EQ(known.body, fresh.body) << "the rule tells nothing of accounts";
    EXPECT_EQ(register_account("partner", "partner@Partner.test").status, 202);
    EXPECT_EQ(register_account("nearly", "x@evil-studio.test").status, 422);
    settings().registration_domains.clear();
}

TEST_F(Register, TakesThreeRequestsAnHourForAnAddressKnownOrNot) {
    user("settled");
    for (const std::string address : {"settled@studio.test", "unheard@studio.test"}) {
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(register_account("any" + std::to_string(i), address).status, 202);
        const Answer refused = register_account("any3", address);
        EXPECT_EQ(refused.status, 429) << address;
        EXPECT_NE(refused.header("Retry-After"), "");
    }
    EXPECT_EQ(mails_to("settled@studio.test"), "registration_known,registration_known,registration_known");
}

class Verify : public AuthStudio {
public:
    static Answer verify(const std::string& token, const std::string& with = "owino-tuesday-7") {
        return post("guest", "/auth/verify", {{"token", token}, {"password", with}});
    }
    static Answer resend(const std::string& address) {
        return post("guest", "/auth/verify/resend", {{"email", address}});
    }
    /// Registers somebody and answers the token of the mail.
    static std::string registered(const std::string& name) {
        EXPECT_EQ(register_account(name, name + "@mail.test").status, 202);
        return token_to(name + "@mail.test", "verify_address");
    }
    static std::string is_verified(const std::string& name) {
        return sql("SELECT is_verified FROM users_user WHERE username = $1", name);
    }
};

TEST_F(Verify, ProvesTheAddressOnce) {
    const std::string token = registered("achieng");
    const Answer before = log_in("achieng", "owino-tuesday-7");
    EXPECT_EQ(before.status, 403);
    EXPECT_EQ(before.text("code"), "auth.unverified");
    EXPECT_EQ(log_in("achieng", "not-her-password").text("code"), "auth.wrong_credentials")
        << "who doesn't know the password hears nothing";
    EXPECT_EQ(get("guest", "/auth/verify?token=" + token).status, 405) << "mail scanners follow links";
    EXPECT_EQ(is_verified("achieng"), "f");
    EXPECT_EQ(from("198.51.100.7", "/auth/verify", {{"token", token}, {"password", "owino-tuesday-7"}},
                   {{"User-Agent", "a telephone"}})
                  .status,
              200);
    EXPECT_EQ(is_verified("achieng"), "t");
    EXPECT_EQ(log_in("achieng", "owino-tuesday-7").status, 200);
    const Answer again = verify(token);
    EXPECT_EQ(again.status, 422);
    EXPECT_EQ(again.text("code"), "auth.invalid_link");
    EXPECT_EQ(verify(std::string(43, 'A')).body, again.body);
}

TEST_F(Verify, DoesNotOpenAnAccountForAStrangerWhoRegisteredWithTheAddress) {
    EXPECT_EQ(register_account("squatter", "victim@mail.test", "strangers-own-5").status, 202);
    const std::string token = token_to("victim@mail.test", "verify_address");
    for (const Body& sent : {Body{{"token", token}}, Body{{"token", token}, {"password", ""}},
                             Body{{"token", token}, {"password", "what-the-owner-typed"}}}) {
        const Answer refused = post("guest", "/auth/verify", sent);
        EXPECT_EQ(refused.status, 422) << sent;
        EXPECT_NE(refused.text("errors.password.0"), "") << sent;
    }
    EXPECT_THAT(verify(token, "what-the-owner-typed").text("errors.password.0"),
                ::testing::HasSubstr("ask for a new password"));
    EXPECT_EQ(is_verified("squatter"), "f");
    EXPECT_EQ(log_in("squatter", "strangers-own-5").text("code"), "auth.unverified");
    post("guest", "/auth/password/reset", {{"email", "victim@mail.test"}});
    run_jobs();
    EXPECT_EQ(
        post("guest", "/auth/password/reset/confirm",
             {{"token", token_to("victim@mail.test", "reset_password")}, {"password", "the-owners-own-6"}})
            .status,
        200);
    EXPECT_EQ(log_in("victim@mail.test", "the-owners-own-6").status, 200) << "the reset confirms, too";
    EXPECT_EQ(log_in("squatter", "strangers-own-5").text("code"), "auth.wrong_credentials");
    EXPECT_EQ(verify(token, "strangers-own-5").text("code"), "auth.invalid_link");
}

TEST_F(Verify, KeepsTheLinkThroughAMistypedPassword) {
    const std::string token = registered("typist");
    EXPECT_EQ(verify(token, "owino-tuesday-8").status, 422);
    EXPECT_EQ(is_verified("typist"), "f");
    EXPECT_EQ(verify(token).status, 200);
    EXPECT_EQ(is_verified("typist"), "t");
}

TEST_F(Verify, HoldsForADay) {
    const std::string late = registered("late"), early = registered("early");
    const Timestamp now = clock().now();
    wait(std::chrono::hours(24) - std::chrono::seconds(1));
    EXPECT_EQ(verify(early).status, 200);
    wait(std::chrono::seconds(1));
    EXPECT_EQ(verify(late).status, 422);
    EXPECT_EQ(is_verified("late"), "f");
    clock().set(now);
}

TEST_F(Verify, IsOverWhenANewerLinkWasAskedFor) {
    const std::string older = registered("impatient");
    EXPECT_EQ(resend("IMPATIENT@mail.test").status, 202);
    run_jobs();
    const std::string newer = token_to("impatient@mail.test", "verify_address");
    EXPECT_NE(newer, older);
    EXPECT_EQ(verify(older).status, 422);
    EXPECT_EQ(verify(newer).status, 200);
}

TEST_F(Verify, IsResentToThoseWhoWaitForItAndAnswersAlike) {
    registered("waiting");
    user("settled");
    const Answer waiting = resend("waiting@mail.test");
    const Answer settled = resend("settled@studio.test");
    const Answer nobody = resend("nobody@mail.test");
    run_jobs();
    for (const Answer& answer : {settled, nobody}) {
        EXPECT_EQ(answer.status, 202);
        EXPECT_EQ(answer.body, waiting.body);
    }
    EXPECT_EQ(mails_to("waiting@mail.test"), "verify_address,verify_address");
    EXPECT_EQ(mails_to("settled@studio.test") + mails_to("nobody@mail.test"), "");
    for (int i = 0; i < 2; ++i) resend("nobody@mail.test");
    EXPECT_EQ(resend("nobody@mail.test").status, 429) << "whether or not somebody has the address";
}

TEST_F(Verify, InParallelSucceedsOnce) {
    const std::string token = registered("parallel");
    // As many as may hash or wait for it at once (three for each processor), so that none is told to wait.
    const std::size_t at_once = std::clamp<std::size_t>(3UL * std::thread::hardware_concurrency(), 3, 8);
    std::vector<int> statuses(at_once);
    std::vector<std::thread> threads;
    for (int& status : statuses) threads.emplace_back([&] { status = verify(token).status; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 1);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 422), static_cast<int>(at_once) - 1);
}

TEST_F(Verify, ProvesNoOtherAddressThanItWasSentTo) {
    const std::string token = registered("moved");
    change_elsewhere("UPDATE users_user SET email = 'elsewhere@mail.test' WHERE id = $1",
                     sql("SELECT id FROM users_user WHERE username = 'moved'"));
    EXPECT_EQ(verify(token).status, 422);
    EXPECT_EQ(is_verified("moved"), "f");
}

TEST_F(Verify, LinksOfOnePurposeAreWorthlessForAnother) {
    const std::string id = account("purpose");
    const std::map<std::string, std::string> routes = {{"verify_address", "/auth/verify"},
                                                       {"reset_password", "/auth/password/reset/confirm"},
                                                       {"change_email", "/auth/email/confirm"}};
    for (const auto purpose : {auth::Purpose::verify_address, auth::Purpose::reset_password,
                               auth::Purpose::change_email, auth::Purpose::invitation}) {
        const std::string token = transact(site(), Actor::system(), [&](Tx& tx) {
            return auth::issue_link(tx, purpose, {Uuid::parse(id).value()}, "purpose@studio.test");
        });
        for (const auto& [name, route] : routes) {
            if (name == enum_name(purpose)) continue;
            Object sent = {{"token", token}};
            if (name != "change_email") sent["password"] = "owino-tuesday-8";
            const Answer refused = post("guest", route, sent);
            EXPECT_EQ(refused.status, 422) << name << " with a link of " << enum_name(purpose);
            EXPECT_EQ(refused.text("code"), "auth.invalid_link");
        }
        EXPECT_EQ(sql("SELECT used_at IS NULL FROM auth_link WHERE hash = $1", auth::token_hash(token)), "t");
        EXPECT_EQ(me(token), 401);
        EXPECT_EQ(refresh(token).status, 401);
    }
    EXPECT_EQ(log_in("purpose").status, 200);
}

}  // namespace
}  // namespace tamiti::test
