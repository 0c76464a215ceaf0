#include "apps/auth/tests/second_factor_studio.hpp"

namespace tamiti::test {
namespace {

/// Ada is an admin who takes back what others have proven.
class Unverified : public FactorStudio {
public:
    static void SetUpTestSuite() {
        FactorStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
        account("okello");
    }
    static Answer set_verified(const std::string& name, const std::string& value) {
        return patch("ada", "/users/" + user(name), R"({"is_verified": )" + value + "}");
    }
};

TEST_F(Unverified, PeopleLoseTheirSessionsAndTheirTokensForGood) {
    const std::string session = log_in("grace").text("access");
    const std::string token = make_token("grace").text("token");
    const std::string others = make_token("okello").text("token");
    ASSERT_EQ(me(session), 200);
    ASSERT_EQ(me(token), 200);
    ASSERT_EQ(set_verified("grace", "false").status, 200);
    EXPECT_EQ(me(session), 401) << "at once";
    EXPECT_EQ(me(token), 401) << "at once";
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(sql("SELECT count(*) FROM auth_personal_token WHERE account = $1 AND revoked_at IS NULL",
                  user("grace")),
              "0");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_session WHERE account = $1 AND ended_at IS NULL", user("grace")),
              "0");
    EXPECT_EQ(me(others), 200);

    ASSERT_EQ(set_verified("grace", "true").status, 200);
    EXPECT_EQ(me(session), 401) << "a new proof doesn't bring them back";
    EXPECT_EQ(me(token), 401);
    clock().advance(std::chrono::seconds(1));
    const Answer back = log_in("grace");
    EXPECT_EQ(back.status, 200) << back.body;
    EXPECT_EQ(me(back.text("access")), 200);
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(me(back.text("access")), 200) << "what ended the others ends only those";
}

TEST_F(Unverified, WhatWasNeverVerifiedKeepsItsTokensButCantUseThem) {
    const Answer made = make_token("okello");
    ASSERT_EQ(made.status, 201);
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute("UPDATE users_user SET is_verified = false WHERE id = $1", user("okello"));
    });
    ASSERT_EQ(patch("ada", "/users/" + user("okello"), R"({"job_title": "Robot"})").status, 200);
    make_jobs_due();
    run_jobs();
    EXPECT_NE(sql("SELECT count(*) FROM auth_personal_token WHERE account = $1 AND revoked_at IS NULL",
                  user("okello")),
              "0");
    clock().advance(std::chrono::seconds(2));
    EXPECT_EQ(me(made.text("token")), 401);
    ASSERT_EQ(set_verified("okello", "true").status, 200);
    EXPECT_EQ(me(made.text("token")), 200);
}

}  // namespace
}  // namespace tamiti::test
