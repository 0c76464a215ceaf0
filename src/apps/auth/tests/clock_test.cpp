#include "apps/auth/tests/second_factor_studio.hpp"

namespace tamiti::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// What was written while the clock stood ahead, and has been set right since. The clock of this studio jumps
/// in the middle of each test, and back.
class AfterAClockThatWasAhead : public FactorStudio {
public:
    /// Does something a year from now, by a clock that is wrong.
    static void ahead(const std::function<void()>& what) {
        const Timestamp before = clock().now();
        wait(hours(24 * 365));
        what();
        clock().set(before);
        wait(seconds(5));
    }
};

TEST_F(AfterAClockThatWasAhead, WhoWasSignedOutThenSignsInAndTheOldSessionsStayClosed) {
    const std::string id = account("ada");
    const Answer before = log_in("ada");
    const std::string program = make_token("ada", {"*:read"}).text("token");
    ahead([&] {
        change_elsewhere("UPDATE users_user SET signed_out_at = now() + interval '1 year' WHERE id = $1", id);
    });
    wait(minutes(2));
    const Answer again = log_in("ada");
    ASSERT_EQ(again.status, 200) << again.body;
    wait(seconds(2));
    EXPECT_EQ(me(again.text("access")), 200);
    EXPECT_EQ(refresh(again.text("refresh")).status, 200);
    EXPECT_EQ(me(before.text("access")), 401);
    EXPECT_EQ(refresh(before.text("refresh")).status, 401);
    EXPECT_EQ(me(program), 401);
    EXPECT_EQ(sql("SELECT signed_out_at < now() + interval '1 day' FROM users_user WHERE id = $1", id), "t");
}

TEST_F(AfterAClockThatWasAhead, SessionsThatBeganThenDontHold) {
    account("grace");
    Answer then;
    ahead([&] { then = log_in("grace"); });
    EXPECT_EQ(then.status, 200);
    EXPECT_EQ(me(then.text("access")), 401);
    EXPECT_EQ(refresh(then.text("refresh")).status, 401);
    EXPECT_EQ(log_in("grace").status, 200);
}

TEST_F(AfterAClockThatWasAhead, AUsedRefreshTokenIsStillUsed) {
    account("robbed");
    const Answer first = log_in("robbed");
    ahead([&] {
        sql("UPDATE auth_refresh_token SET used_at = $1::timestamptz, used_by = 'unknown'",
            format(clock().now()));
    });
    EXPECT_EQ(refresh(first.text("refresh")).status, 401);
}

TEST_F(AfterAClockThatWasAhead, LinksHoldNoLongerThanTheirTime) {
    account("eve");
    std::string late;
    ahead([&] {
        EXPECT_EQ(post("guest", "/auth/password/reset", {{"email", "eve@studio.test"}}).status, 202);
        run_jobs();
        late = token_to("eve@studio.test", "reset_password");
    });
    ASSERT_NE(late, "");
    const Answer refused =
        post("guest", "/auth/password/reset/confirm", {{"token", late}, {"password", "jinja-market-77"}});
    EXPECT_EQ(refused.text("code"), "auth.invalid_link") << refused.body;
    EXPECT_EQ(log_in("eve").status, 200) << "the password is the old one";
}

TEST_F(AfterAClockThatWasAhead, CodesOfTheAppAreTakenOnceEachAgain) {
    account("sanyu");
    const Factor factor = turn_on("sanyu");
    ahead([&] { EXPECT_EQ(log_in_with("sanyu", code_of(factor.secret)).status, 200); });
    wait(minutes(1));
    const std::string code = code_of(factor.secret);
    EXPECT_EQ(log_in_with("sanyu", code).status, 200);
    EXPECT_NE(log_in_with("sanyu", code).status, 200) << "each is good once";
    wait(minutes(1));
    EXPECT_EQ(log_in_with("sanyu", code_of(factor.secret)).status, 200);
}

TEST_F(AfterAClockThatWasAhead, PausesAfterWrongPasswordsEnd) {
    account("moses");
    ahead([&] {
        for (int tries = 0; tries < 5; ++tries) EXPECT_EQ(log_in("moses", "not-the-password-1").status, 401);
        EXPECT_EQ(log_in("moses").status, 429);
    });
    EXPECT_EQ(log_in("moses").status, 200);
}

TEST_F(AfterAClockThatWasAhead, TheLastUseOfATokenIsWrittenDown) {
    account("robot");
    const std::string token = make_token("robot", {"*:read"}).text("token");
    ahead([&] {
        sql("UPDATE auth_personal_token_key SET last_used_at = $1::timestamptz", format(clock().now()));
    });
    EXPECT_EQ(get("guest", "/projects", bearer(token)).status, 200);
    EXPECT_EQ(
        sql("SELECT last_used_at <= $1::timestamptz FROM auth_personal_token_key k JOIN auth_personal_token t"
            " ON t.id = k.token JOIN users_user u ON u.id = t.account WHERE u.username = 'robot'",
            format(clock().now())),
        "t");
}

}  // namespace
}  // namespace tamiti::test
