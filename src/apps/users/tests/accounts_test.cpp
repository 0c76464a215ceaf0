#include "apps/users/service.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using users::Invitation;
using users::InvitationState;

/// Alone is the one admin to rely on: Guest is an admin for an hour, Unproven never proved their address.
class RelyingOnAdmins : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("alone", {Role::admin});
        user("guest-admin", {Role::admin});
        user("unproven", {Role::admin});
        const std::string in_an_hour = format(clock().now() + std::chrono::hours(1));
        ASSERT_EQ(patch("alone", path_of("guest-admin"), {{"expires_at", in_an_hour}}).status, 200);
        ASSERT_EQ(patch("alone", path_of("unproven"), {{"is_verified", false}}).status, 200);
    }

    static std::string path_of(const std::string& name) { return "/users/" + user(name); }
};

TEST_F(RelyingOnAdmins, CountsNobodyWhoCannotSignIn) {
    const std::string row = "SELECT row(u.*)::text FROM users_user u WHERE id = $1";
    const std::string before = sql(row, user("alone"));
    for (const Body& change : {Body{{"roles", {"manager"}}}, Body{{"is_active", false}},
                               Body{{"is_verified", false}}, Body{{"expires_at", "2099-01-01T00:00:00Z"}}}) {
        const Answer refused = patch("guest-admin", path_of("alone"), change);
        EXPECT_EQ(refused.status, 409) << change << ": the other admin never proved their address";
        EXPECT_EQ(refused.text("code"), "users.last_admin") << change;
    }
    const Answer refused = post("guest-admin", path_of("alone") + "/deactivate");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("code"), "users.last_admin");
    EXPECT_EQ(sql(row, user("alone")), before);

    ASSERT_EQ(patch("guest-admin", path_of("unproven"), {{"is_verified", true}}).status, 200);
    EXPECT_EQ(patch("guest-admin", path_of("alone"), {{"is_verified", false}}).status, 200)
        << "now there is another";
    EXPECT_EQ(patch("guest-admin", path_of("unproven"), {{"is_verified", false}}).status, 409);
    EXPECT_EQ(patch("guest-admin", path_of("alone"), {{"is_verified", true}}).status, 200);
}

/// What other apps ask of accounts.
class Accounts : public Studio {
public:
    static bool mark(const std::string& id) {
        return transact(site(), Actor::system(), [&](Tx& tx) {
            return users::mark_signed_in(tx, Id<users::User>{Uuid::parse(id).value()}).has_value();
        });
    }
    static void change(const std::string& id, const std::string& assignment) {
        transact(site(), Actor::system(), [&](Tx& tx) {
            tx.execute({"UPDATE users_user SET {} WHERE id = {}", Sql::verbatim(assignment), id});
        });
    }
    static std::string last_login_of(const std::string& id) {
        return sql("SELECT coalesce(last_login_at::text, 'never') FROM users_user WHERE id = $1", id);
    }

    /// Makes an invitation that ends so many minutes from now.
    static std::string invitation(const std::string& name, int minutes) {
        Invitation made;
        made.email = {name + "@studio.test"};
        made.roles = {Role::staff};
        made.expires_at = clock().now() + std::chrono::minutes(minutes);
        transact(site(), Actor::system(), [&](Tx& tx) { tx.insert(made); });
        return made.id.text();
    }
    static int end_invitations(InvitationState as, const Scope& which, int most) {
        return transact(site(), Actor::system(),
                        [&](Tx& tx) { return users::end_invitations(tx, as, which, most); });
    }
    static std::string states() {
        return sql(
            "SELECT string_agg(split_part(email, '@', 1) || ' ' || state || ' ' || version, ', ' ORDER BY "
            "id) FROM users_invitation");
    }
};

TEST_F(Accounts, NoteThatSomebodySignsInWhoMay) {
    const std::string id = user("sam");
    EXPECT_TRUE(mark(id));
    EXPECT_EQ(sql("SELECT last_login_at = $2 FROM users_user WHERE id = $1", id, clock().now()), "t");
    EXPECT_EQ(sql("SELECT version FROM users_user WHERE id = $1", id), "1");
    change(id, "last_login_at = NULL");
    for (const char* closed : {"is_active = false", "is_verified = false", "expires_at = '2020-01-01Z'"}) {
        change(id, closed);
        EXPECT_FALSE(mark(id)) << closed;
        EXPECT_EQ(last_login_of(id), "never") << closed;
        change(id, "is_active = true, is_verified = true, expires_at = NULL");
    }
    EXPECT_FALSE(mark(Uuid::make().text()));
    EXPECT_EQ(last_login_of(id), "never");
}

TEST_F(Accounts, EndInvitationsThatAreOpen) {
    for (const char* name : {"over-a", "over-b", "over-c"}) invitation(name, -1);
    invitation("open-a", 60);
    invitation("open-b", 60);
    EXPECT_EQ(
        end_invitations(InvitationState::expired, where("email = {}", std::string("open-a@studio.test")), 9),
        0)
        << "its time isn't over";
    EXPECT_EQ(end_invitations(InvitationState::expired, Scope::all(), 2), 2);
    EXPECT_EQ(states(),
              "over-a expired 2, over-b expired 2, over-c pending 1, open-a pending 1, open-b pending 1");
    EXPECT_EQ(end_invitations(InvitationState::expired, Scope::all(), 9), 1);
    EXPECT_EQ(end_invitations(InvitationState::cancelled, where("email LIKE {}", std::string("%-a@%")), 9), 1)
        << "what has ended stays as it ended";
    EXPECT_EQ(end_invitations(InvitationState::cancelled, Scope::none(), 9), 0);
    EXPECT_EQ(states(),
              "over-a expired 2, over-b expired 2, over-c expired 2, open-a cancelled 2, open-b pending 1");
}

}  // namespace
}  // namespace tamiti::test
