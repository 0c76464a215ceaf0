#include "apps/auth/passwords/reset_password_command.hpp"

#include "apps/auth/tests/second_factor_studio.hpp"

namespace tamiti::test {
namespace {

constexpr const char* next = "kasese-window-31";

class ResetPasswordCommand : public FactorStudio {
public:
    /// Runs the command in a later second, and answers what it printed; its exit code is in `code`.
    static std::string run(const std::map<std::string, std::string>& options) {
        wait(std::chrono::seconds(1));
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        code = auth::reset_password_command().run(site(), options);
        wait(std::chrono::seconds(1));
        return testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    }
    static std::string hash_of(const std::string& name) {
        return sql("SELECT hash FROM auth_password WHERE account = $1", user(name));
    }
    static inline int code = 0;
};

TEST_F(ResetPasswordCommand, LetsInWithTheNewPasswordAndEndsWhatTheOldOneLetIn) {
    account("acen");
    account("bystander");
    const Answer session = log_in("acen"), other = log_in("bystander");
    const std::string token = make_token("acen").text("token");
    const std::string link =
        (run({{"username", "acen"}, {"mail", ""}}), token_to("acen@studio.test", "reset_password"));
    EXPECT_EQ(me(session.text("access")), 200) << "a mailed link ends nothing until it is used";
    EXPECT_EQ(me(token), 200);

    EXPECT_EQ(run({{"username", "ACEN"}, {"password", next}}),
              "Set the password of acen: every session and token has ended.\n");
    EXPECT_EQ(code, 0);
    EXPECT_EQ(me(session.text("access")), 401);
    EXPECT_EQ(refresh(session.text("refresh")).status, 401);
    EXPECT_EQ(me(token), 401);
    EXPECT_EQ(post("guest", "/auth/password/reset/confirm", {{"token", link}, {"password", "another-one-77"}})
                  .status,
              422);
    EXPECT_EQ(log_in("acen").status, 401);
    const Answer again = log_in("acen", next);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(me(again.text("access")), 200);
    EXPECT_EQ(me(other.text("access")), 200) << "nobody else is signed out";
    EXPECT_EQ(mails_to("acen@studio.test"), "reset_password,password_set_by_operator");
}

TEST_F(ResetPasswordCommand, IsInTheTrailAlsoWhereNobodyWasSignedIn) {
    account("quiet");
    run({{"username", "quiet"}, {"password", next}});
    EXPECT_EQ(
        sql("SELECT string_agg(table_name || ' ' || verb, ',') FROM core_audit WHERE row_id = $1 AND via = "
            "'command users reset-password'",
            user("quiet")),
        "users_user update");
    EXPECT_EQ(sql("SELECT count(*) FROM core_audit WHERE changes::text LIKE '%argon2%'"), "0");
}

TEST_F(ResetPasswordCommand, ForgivesTheTriesThatWereCounted) {
    account("locked");
    for (int i = 0; i < 6; ++i) log_in("locked", "not-the-password");
    wait(std::chrono::seconds(2));
    EXPECT_EQ(log_in("locked").status, 429) << "the pause is a minute";
    run({{"username", "locked"}, {"password", next}});
    EXPECT_EQ(log_in("locked", next).status, 200);
}

TEST_F(ResetPasswordCommand, TakesThePasswordFromTheEnvironment) {
    account("byenv");
    setenv("TAMITI_NEW_PASSWORD", next, 1);
    run({{"username", "byenv"}});
    unsetenv("TAMITI_NEW_PASSWORD");
    EXPECT_EQ(code, 0);
    EXPECT_EQ(log_in("byenv", next).status, 200);
}

TEST_F(ResetPasswordCommand, DropsTheSecondFactorOnlyWhenAsked) {
    account("factored");
    turn_on("factored");
    run({{"username", "factored"}, {"password", next}});
    EXPECT_EQ(log_in("factored", next).text("code"), "auth.second_factor_needed");
    EXPECT_EQ(run({{"username", "factored"}, {"mail", ""}, {"drop-second-factor", ""}}),
              "Drop the second factor together with the old password, so without --mail.\n");
    EXPECT_EQ(code, 1);
    EXPECT_EQ(log_in("factored", next).text("code"), "auth.second_factor_needed");
    EXPECT_EQ(run({{"username", "factored"}, {"password", password}, {"drop-second-factor", ""}}),
              "Set the password of factored: every session and token has ended. The second factor is off.\n");
    EXPECT_EQ(log_in("factored").status, 200);
    EXPECT_EQ(
        run({{"username", "factored"}, {"password", next}, {"drop-second-factor", ""}}),
        "Set the password of factored: every session and token has ended. There was no second factor.\n");
}

TEST_F(ResetPasswordCommand, RefusesInASentenceAndChangesNothing) {
    account("weak");
    account("gone");
    change_elsewhere("UPDATE users_user SET is_active = false WHERE id = $1", user("gone"));
    const std::string before = hash_of("weak") + hash_of("gone");
    const Answer session = log_in("weak");
    EXPECT_EQ(run({{"username", "nobody"}, {"password", next}}),
              "There is no user nobody. `tamiti users list` shows all.\n");
    EXPECT_EQ(code, 1);
    EXPECT_EQ(run({{"username", "gone"}, {"password", next}}),
              "The account of gone is closed: no password lets them in.\n");
    EXPECT_EQ(run({{"username", "gone"}, {"mail", ""}}),
              "The account of gone is closed: no password lets them in.\n");
    EXPECT_EQ(run({{"username", "weak"}, {"mail", ""}, {"password", next}}),
              "Give a password or --mail, not both.\n");
    for (const char* bad : {"short", "password123", "weak@studio.test"}) {
        EXPECT_TRUE(run({{"username", "weak"}, {"password", bad}}).starts_with("Password: ")) << bad;
        EXPECT_EQ(code, 1);
    }
    EXPECT_EQ(hash_of("weak") + hash_of("gone"), before);
    EXPECT_EQ(me(session.text("access")), 200);
    EXPECT_EQ(mails_to("weak@studio.test") + mails_to("gone@studio.test"), "");
}

}  // namespace
}  // namespace tamiti::test
