#include "apps/auth/factor/recovery_codes.hpp"
#include "apps/auth/tests/second_factor_studio.hpp"
#include "core/model/member.hpp"
#include "core/program/program.hpp"

namespace tamiti::test {
namespace {

using auth::totp_code;
using auth::totp_match;

TEST(Totp, GivesTheCodesOfTheStandard) {
    const std::string secret = "12345678901234567890";  // RFC 6238, appendix B, the last six digits
    const std::vector<std::pair<std::int64_t, std::string>> codes = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [seconds, code] : codes) EXPECT_EQ(totp_code(secret, seconds / 30), code) << seconds;
}

TEST(Totp, TakesTheStepsNextToThePresentOneAndNoneTwice) {
    const std::string secret = "12345678901234567890";
    const Timestamp now{std::chrono::seconds(1'790'000'010)};
    const std::int64_t step = auth::totp_step(now);
    for (std::int64_t away = -5; away <= 5; ++away)
        EXPECT_EQ(totp_match(secret, totp_code(secret, step + away), now, 0),
                  std::abs(away) <= 1 ? step + away : 0);
    EXPECT_EQ(totp_match(secret, totp_code(secret, step), now, step), 0);
    EXPECT_EQ(totp_match(secret, totp_code(secret, step - 1), now, step), 0);
    EXPECT_EQ(totp_match(secret, totp_code(secret, step + 1), now, step), step + 1);
    for (const char* wrong : {"", "1", "00000", "0000000", "abcdef"})
        EXPECT_EQ(totp_match(secret, wrong, now, 0), 0);
}

TEST(Totp, WritesSecretsAsAppsReadThem) {
    EXPECT_EQ(auth::base32(""), "");
    EXPECT_EQ(auth::base32("f"), "MY");
    EXPECT_EQ(auth::base32("foobar"), "MZXW6YTBOI");  // RFC 4648, section 10
    EXPECT_EQ(
        auth::totp_uri("foobar", "Tamiti & Co", "ada"),
        "otpauth://totp/Tamiti%20%26%20Co:ada?secret=MZXW6YTBOI&issuer=Tamiti%20%26%20Co&algorithm=SHA1&"
        "digits=6&period=30");
    EXPECT_EQ(auth::totp_secret().size(), 20U);
    EXPECT_NE(auth::totp_secret(), auth::totp_secret());
}

class SecondFactor : public FactorStudio {
public:
    void SetUp() override { clock().advance(std::chrono::minutes(10)); }
    void TearDown() override { settings().second_factor_roles.clear(); }
    static std::string status_of(const std::string& name) { return get(name, "/auth/second-factor").body; }
};

TEST_F(SecondFactor, DemandsNothingUntilItIsConfirmed) {
    account("begun");
    EXPECT_EQ(get("begun", "/auth/second-factor").text("is_on"), "false");
    begin("begun");
    EXPECT_EQ(get("begun", "/auth/second-factor").text("is_on"), "false");
    EXPECT_EQ(log_in("begun").status, 200);
    EXPECT_EQ(post("begun", "/auth/second-factor/confirm", with_code("000000")).status, 422);
    EXPECT_EQ(log_in("begun").status, 200) << "a wrong code turns nothing on";
}

TEST_F(SecondFactor, IsAskedForOnceThePasswordIsRight) {
    account("ada");
    const Factor factor = turn_on("ada");
    const Answer status = get("ada", "/auth/second-factor");
    EXPECT_EQ(status.text("is_on"), "true");
    EXPECT_EQ(status.text("recovery_codes_left"), "10");
    clock().advance(std::chrono::seconds(30));

    const Answer wrong = log_in("ada", "not-the-password-1");
    EXPECT_EQ(wrong.text("code"), "auth.wrong_credentials") << "who doesn't know the password learns nothing";
    EXPECT_EQ(log_in_with("ada", code_of(factor.secret), "not-the-password-1").body, wrong.body);
    const Answer needed = log_in("ada");
    EXPECT_EQ(needed.status, 401);
    EXPECT_EQ(needed.text("code"), "auth.second_factor_needed");
    EXPECT_EQ(needed.json().as_object().count("access"), 0U);
    const Answer signed_in = log_in_with("ada", code_of(factor.secret));
    ASSERT_EQ(signed_in.status, 200) << signed_in.body;
    EXPECT_EQ(me(signed_in.text("access")), 200);
}

TEST_F(SecondFactor, TakesEachCodeOnce) {
    account("once");
    const Factor factor = turn_on("once");
    EXPECT_EQ(log_in_with("once", code_of(factor.secret)).text("code"), "auth.wrong_code")
        << "the step of the confirmation is used";
    clock().advance(std::chrono::seconds(30));
    const std::string code = code_of(factor.secret);
    EXPECT_EQ(log_in_with("once", code).status, 200);
    EXPECT_EQ(log_in_with("once", code).status, 401);
    EXPECT_EQ(log_in_with("once", code_of(factor.secret, -1)).status, 401) << "nor an older one after it";
    EXPECT_EQ(log_in_with("once", code_of(factor.secret, 1)).status, 200);
}

TEST_F(SecondFactor, LetsOneOfManyInWhoSendOneCodeAtOnce) {
    account("race");
    const Factor factor = turn_on("race");
    for (const std::string& code : {factor.recovery_codes[0], code_of(factor.secret, 1)}) {
        std::vector<std::thread> threads;
        std::vector<int> statuses(4);
        for (int& status : statuses) threads.emplace_back([&] { status = log_in_with("race", code).status; });
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(std::ranges::count(statuses, 200), 1) << code;
    }
}

TEST_F(SecondFactor, TakesRecoveryCodesInItsPlaceOnceEach) {
    account("lost");
    account("found");
    const Factor factor = turn_on("lost"), other = turn_on("found");
    const std::string code = factor.recovery_codes[3];
    std::string typed = code;
    std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return std::toupper(c); });
    std::ranges::replace(typed, '-', ' ');
    EXPECT_EQ(log_in_with("lost", other.recovery_codes[0]).status, 401) << "another's code";
    EXPECT_EQ(log_in_with("lost", typed).status, 200) << "however it is typed";
    EXPECT_EQ(log_in_with("lost", code).status, 401);
    EXPECT_EQ(get("lost", "/auth/second-factor").text("recovery_codes_left"), "9");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_recovery_code WHERE hash LIKE '%' || $1 || '%'", code), "0");
}

TEST_F(SecondFactor, RenewsRecoveryCodesForWhoHasACode) {
    account("renewer");
    const Factor factor = turn_on("renewer");
    EXPECT_EQ(post("renewer", "/auth/second-factor/recovery-codes", with_code("123456")).status, 422);
    const Answer renewed =
        post("renewer", "/auth/second-factor/recovery-codes", with_code(factor.recovery_codes[0]));
    ASSERT_EQ(renewed.status, 200) << renewed.body;
    EXPECT_EQ(renewed.json().at("recovery_codes").as_array().size(), 10U);
    EXPECT_EQ(log_in_with("renewer", factor.recovery_codes[1]).status, 401) << "the old ones have ended";
    EXPECT_EQ(log_in_with("renewer", renewed.text("recovery_codes.1")).status, 200);
}

TEST_F(SecondFactor, GoesForWhoHasPasswordAndCode) {
    account("remover");
    const Factor factor = turn_on("remover");
    clock().advance(std::chrono::seconds(30));
    const auto removal = [&](const std::string& with, const std::string& code) {
        return post("remover", "/auth/second-factor/remove", {{"password", with}, {"code", code}});
    };
    EXPECT_NE(removal("not-the-password-1", code_of(factor.secret)).text("errors.password.0"), "");
    EXPECT_NE(removal(password, "000000").text("errors.code.0"), "");
    EXPECT_EQ(log_in("remover").status, 401) << "it is still there";
    EXPECT_EQ(removal(password, code_of(factor.secret)).status, 204);
    EXPECT_EQ(log_in("remover").status, 200);
    EXPECT_EQ(removal(password, code_of(factor.secret)).status, 409);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_recovery_code WHERE account = $1", user("remover")), "0");
}

TEST_F(SecondFactor, IsSetUpByWhoKnowsThePasswordAndInTime) {
    account("setter");
    EXPECT_EQ(post("guest", "/auth/second-factor", with_password(password)).status, 401);
    const Answer wrong = post("setter", "/auth/second-factor", with_password("not-the-password-1"));
    EXPECT_EQ(wrong.status, 422);
    EXPECT_NE(wrong.text("errors.password.0"), "");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_second_factor WHERE account = $1", user("setter")), "0");
    EXPECT_EQ(post("setter", "/auth/second-factor/confirm", with_code("123456")).status, 409)
        << "nothing begun";
    const std::string old = begin("setter");
    const std::string secret = begin("setter");
    EXPECT_NE(old, secret);
    clock().advance(std::chrono::minutes(15));
    sign_in_again("setter");
    EXPECT_EQ(post("setter", "/auth/second-factor/confirm", with_code(code_of(secret))).status, 409)
        << "too late";
    const Factor factor = turn_on("setter");
    EXPECT_EQ(post("setter", "/auth/second-factor", with_password(password)).status, 409) << "it is on";
    EXPECT_EQ(post("setter", "/auth/second-factor/confirm", with_code(code_of(factor.secret, 1))).status,
              409);
}

TEST_F(SecondFactor, GivesGuessersFiveTriesAndTheOwnerAWayIn) {
    account("guessed");
    const Factor factor = turn_on("guessed");
    clock().advance(std::chrono::seconds(30));
    const auto answer_to = [](const std::string& code) {
        Actor who;
        who.address = "203.0.113.7";
        try {
            return transact(site(), who, [&](Tx& tx) {
                const Id<users::User> id{Uuid::parse(user("guessed")).value()};
                return enum_name(auth::require_second_factor(tx, who, id, code));
            });
        } catch (const Problem& problem) {
            return std::to_string(problem.status());
        }
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(answer_to("00000" + std::to_string(i)), "401") << i;
    for (int i = 5; i < 8; ++i) EXPECT_EQ(answer_to("00000" + std::to_string(i)), "429") << i;
    EXPECT_EQ(answer_to(code_of(factor.secret)), "429") << "a right guess neither";
    EXPECT_EQ(answer_to(factor.recovery_codes[0]), "recovery_code") << "nobody guesses these";
}

TEST_F(SecondFactor, ForgivesWrongCodesOnceARightOneCame) {
    account("clumsy");
    const Factor factor = turn_on("clumsy");
    for (int round = 0; round < 3; ++round) {
        clock().advance(std::chrono::seconds(60));
        for (int i = 0; i < 3; ++i) EXPECT_EQ(log_in_with("clumsy", "00000" + std::to_string(i)).status, 401);
        EXPECT_EQ(log_in_with("clumsy", code_of(factor.secret)).status, 200) << round;
    }
}

TEST_F(SecondFactor, KeepsItsSecretSealedToItsAccount) {
    account("sealed");
    account("thief");
    const Factor factor = turn_on("sealed");
    turn_on("thief");
    const std::string stored =
        sql("SELECT secret FROM auth_second_factor WHERE account = $1", user("sealed"));
    EXPECT_EQ(stored.find(auth::base32(factor.secret)), stored.npos);
    change_elsewhere(
        "UPDATE auth_second_factor SET secret = (SELECT f.secret FROM auth_second_factor f JOIN users_user u "
        "ON u.id "
        "= f.account WHERE u.username = 'sealed') WHERE account = $1",
        user("thief"));
    const Answer swapped = log_in_with("thief", code_of(factor.secret, 1));
    EXPECT_EQ(swapped.status, 503) << "a secret that doesn't open is never the same as none";
    EXPECT_EQ(log_in("thief").status, 503);
}

TEST_F(SecondFactor, IsDemandedOfRolesBeforeAnythingElse) {
    account("pending", {Role::finance});
    account("free", {Role::staff});
    settings().second_factor_roles = "admin, finance";
    sign_in_again("pending");
    const Answer refused = get("pending", "/users");
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_EQ(refused.text("code"), "auth.second_factor_required");
    EXPECT_EQ(get("pending", "/users/me").status, 200);
    EXPECT_EQ(get("pending", "/auth/sessions").status, 200);
    EXPECT_EQ(get("free", "/users").status, 200);
    EXPECT_EQ(get("pending", "/auth/second-factor").text("is_required"), "true");
    turn_on("pending");
    EXPECT_EQ(get("pending", "/users").status, 200) << "felt at once";
}

TEST_F(SecondFactor, NamesOfNoRoleStopTheStart) {
    Settings wrong = settings();
    wrong.second_factor_roles = "admin, finances";
    try {
        const Program program(wrong);
        ADD_FAILURE() << "it started";
    } catch (const std::invalid_argument& fault) {
        EXPECT_EQ(
            std::string(fault.what()),
            "TAMITI_SECOND_FACTOR_ROLES names \"finances\", which is no role; the roles are admin, manager, "
            "finance, content, digital, field, staff, client.");
    }
}

TEST_F(SecondFactor, IsNoAffairOfTokens) {
    account("holder");
    const std::string token = make_token("holder").text("token");
    EXPECT_EQ(get("guest", "/users/me", bearer(token)).status, 200);
    for (const char* path : {"/auth/second-factor", "/auth/second-factor/confirm",
                             "/auth/second-factor/remove", "/auth/second-factor/recovery-codes"})
        EXPECT_EQ(post("guest", path, {{"password", "x"}, {"code", "x"}}, bearer(token)).status / 100, 4)
            << path;
    EXPECT_EQ(post("guest", "/auth/second-factor", with_password(password), bearer(token)).text("code"),
              "auth.token_scope");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_second_factor WHERE account = $1", user("holder")), "0");
}

TEST_F(SecondFactor, TellsItsOwnerOfEveryChange) {
    account("told");
    const auto mails = [] {
        return sql(
            "SELECT count(*) FROM core_mail WHERE recipient = 'told@studio.test' AND template = "
            "'second_factor_changed'");
    };
    const Factor factor = turn_on("told");
    EXPECT_EQ(mails(), "1");
    transact(site(), Actor::system(), [&](Tx& tx) {
        EXPECT_TRUE(auth::drop_second_factor(tx, {Uuid::parse(user("told")).value()}));
        EXPECT_FALSE(auth::drop_second_factor(tx, {Uuid::parse(user("told")).value()}));
    });
    EXPECT_EQ(mails(), "2");
    EXPECT_EQ(log_in("told").status, 200);
}

}  // namespace
}  // namespace tamiti::test
