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
    static Answer set_verified(const std::string& name, bool value) {
        return patch("ada", "/users/" + user(name), {{"is_verified", value}});
    }
};

TEST_F(Unverified, PeopleLoseTheirSessionsAndTheirTokensForGood) {
    const std::string session = log_in("grace").text("access");
    const std::string token = make_token("grace").text("token");
    const std::string others = make_token("okello").text("token");
    ASSERT_EQ(me(session), 200);
    ASSERT_EQ(me(token), 200);
    ASSERT_EQ(set_verified("grace", false).status, 200);
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

    ASSERT_EQ(set_verified("grace", true).status, 200);
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
        tx.execute({"UPDATE users_user SET is_verified = false WHERE id = {}", user("okello")});
    });
    ASSERT_EQ(patch("ada", "/users/" + user("okello"), {{"job_title", "Robot"}}).status, 200);
    make_jobs_due();
    run_jobs();
    EXPECT_NE(sql("SELECT count(*) FROM auth_personal_token WHERE account = $1 AND revoked_at IS NULL",
                  user("okello")),
              "0");
    clock().advance(std::chrono::seconds(2));
    EXPECT_EQ(me(made.text("token")), 401);
    ASSERT_EQ(set_verified("okello", true).status, 200);
    EXPECT_EQ(me(made.text("token")), 200);
}

TEST_F(Unverified, ALinkToAnotherAddressIsNoWayBackIn) {
    account("nakato");
    const Answer tokens = log_in("nakato");
    const Body wish = {{"email", "thief@mail.test"}, {"password", password}};
    ASSERT_EQ(post("guest", "/auth/email", wish, as(tokens)).status, 202);
    ASSERT_EQ(set_verified("nakato", false).status, 200);
    const Body link = {{"token", token_to("thief@mail.test", "confirm_new_address")}};
    const Answer refused = post("guest", "/auth/email/confirm", link);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("code"), "auth.invalid_link");
    EXPECT_EQ(sql("SELECT email || ' ' || is_verified FROM users_user WHERE id = $1", user("nakato")),
              "nakato@studio.test false");
    make_jobs_due();
    run_jobs();
    ASSERT_EQ(set_verified("nakato", true).status, 200);
    EXPECT_EQ(post("guest", "/auth/email/confirm", link).status, 422) << "nor does it come back with a proof";
    EXPECT_EQ(sql("SELECT email FROM users_user WHERE id = $1", user("nakato")), "nakato@studio.test");
}

TEST_F(Unverified, WhomTheyInvitedCantJoinUntilTheyAreProvenAgain) {
    account("moses", {Role::manager});
    ASSERT_EQ(post("moses", "/invitations", {{"email", "friend@studio.test"}, {"roles", {"staff"}}}).status,
              201);
    make_jobs_due();
    run_jobs();
    const Body join = {{"token", token_to("friend@studio.test", "invitation")},
                       {"username", "friend"},
                       {"password", password}};
    ASSERT_EQ(set_verified("moses", false).status, 200);
    EXPECT_EQ(post("guest", "/invitations/accept", join).text("code"), "auth.invalid_link");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'friend'"), "0");
    ASSERT_EQ(set_verified("moses", true).status, 200);
    EXPECT_EQ(post("guest", "/invitations/accept", join).status, 201);
}

TEST_F(Unverified, TakeOverNoWork) {
    account("babirye");
    account("leaver");
    ASSERT_EQ(set_verified("babirye", false).status, 200);
    const Answer refused =
        post("ada", "/users/" + user("leaver") + "/deactivate", {{"reassign_to", user("babirye")}});
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(sql("SELECT is_active FROM users_user WHERE id = $1", user("leaver")), "t");
}

TEST_F(Unverified, WhoIsLetInAgainBeforeTheirAccessWasEndedKeepsWhatTheyBeganSince) {
    account("wasswa");
    const std::string old_session = log_in("wasswa").text("access");
    const std::string old_token = make_token("wasswa").text("token");
    const Body wish = {{"name", "Report"},
                       {"grants", {"*:read"}},
                       {"expires_at", format(clock().now() + std::chrono::hours(24))}};
    for (const char* field : {"is_verified", "is_active"}) {
        clock().advance(std::chrono::seconds(1));
        ASSERT_EQ(patch("ada", "/users/" + user("wasswa"), {{field, false}}).status, 200);
        ASSERT_EQ(
            patch("ada", "/users/" + user("wasswa"), {{"is_verified", true}, {"is_active", true}}).status,
            200);
        clock().advance(std::chrono::seconds(1));
        const std::string session = log_in("wasswa").text("access");
        const std::string token = post("guest", "/auth/tokens", wish, bearer(session)).text("token");
        ASSERT_EQ(post("guest", "/users/me/export", Body::none(), bearer(session)).status, 202);
        make_jobs_due();
        run_jobs();
        EXPECT_EQ(me(session), 200) << field;
        EXPECT_EQ(me(token), 200) << field;
        EXPECT_EQ(get("guest", "/users/me/export", bearer(session)).text("state"), "ready") << field;
        EXPECT_EQ(me(old_session), 401) << field;
        EXPECT_EQ(me(old_token), 401) << field;
    }
}

}  // namespace
}  // namespace tamiti::test
