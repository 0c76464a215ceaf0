#include <algorithm>
#include <thread>

#include "apps/auth/service.hpp"
#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// Ada is an admin, Moses and Mary manage, Sam is staff and Cleo a client.
class Invitations : public AuthStudio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        make_people();
    }

    static void make_people() {
        account("ada", {Role::admin});
        account("moses", {Role::manager});
        account("mary", {Role::manager});
        account("sam");
        account("cleo", {Role::client});
    }

    static Body asked(const std::string& email, const std::string& role = "staff", const Object& more = {}) {
        return joined({{"email", email}, {"roles", {role}}}, more);
    }

    static std::string invite(const std::string& who, const std::string& email,
                              const std::string& role = "staff", const Object& more = {}) {
        return make(who, "/invitations", asked(email, role, more));
    }

    /// What the last mail to that address has of a link.
    static std::string token_sent_to(const std::string& email) {
        make_jobs_due();
        run_jobs();
        return sql(
            "SELECT coalesce(substring(body_text FROM 'token=([A-Za-z0-9_-]+)'), '') FROM core_mail "
            "WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            email);
    }

    static Answer accept(const std::string& token, const std::string& username) {
        return post("guest", "/invitations/accept",
                    {{"token", token}, {"username", username}, {"password", password}});
    }

    static std::string state(const std::string& id) {
        return sql("SELECT state FROM users_invitation WHERE id = $1", id);
    }
};

TEST_F(Invitations, AreMadeByWhoMayInviteAndToRolesThatAreTheirsToGive) {
    access(Method::post, "/invitations", asked("someone@studio.test"),
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}});
    for (const char* role : {"admin", "manager", "finance"}) {
        const Answer higher = post("moses", "/invitations", asked("someone@studio.test", role));
        EXPECT_EQ(higher.status, 403) << role;
        EXPECT_EQ(higher.text("code"), "users.role_takes_admin") << role;
        EXPECT_NE(higher.text("errors.roles.0"), "") << role;
        EXPECT_EQ(post("ada", "/invitations", asked(std::string(role) + "@studio.test", role)).status, 201)
            << "who manages people invites to any role";
    }
    EXPECT_EQ(
        post("moses", "/invitations", {{"email", "someone@studio.test"}, {"roles", {"staff", "finance"}}})
            .status,
        403)
        << "one of them is enough";
    EXPECT_EQ(sql("SELECT count(*) FROM users_invitation WHERE email = 'someone@studio.test'"), "0");
    for (const char* role : {"content", "digital", "field", "staff", "client"})
        EXPECT_EQ(post("moses", "/invitations", asked(std::string("by-moses-") + role + "@studio.test", role))
                      .status,
                  201)
            << role;
    EXPECT_EQ(
        post("ada", "/invitations", {{"email", "both@studio.test"}, {"roles", {"client", "staff"}}}).status,
        422);
}

TEST_F(Invitations, MakeOneVerifiedAccountWithTheirRoles) {
    const std::string id = invite("ada", "achieng@studio.test", "content", {{"first_name", "Sharon"}});
    const std::string token = token_sent_to("achieng@studio.test");
    ASSERT_FALSE(token.empty());
    EXPECT_EQ(accept(token, "x").status, 422) << "a bad username leaves the link as it is";
    EXPECT_EQ(accept(token, "sam").status, 409) << "and so does a taken one";
    const Answer joined = accept(token, "achieng");
    ASSERT_EQ(joined.status, 201) << joined.body;
    EXPECT_EQ(joined.text("roles"), R"(["content"])");
    EXPECT_EQ(sql("SELECT email || ' ' || first_name || ' ' || is_verified FROM users_user WHERE id = $1",
                  joined.text("id")),
              "achieng@studio.test Sharon true");
    EXPECT_EQ(state(id), "accepted");
    EXPECT_EQ(get("ada", "/invitations/" + id).text("account"), joined.text("id"));
    EXPECT_EQ(log_in("achieng").status, 200);
    const Answer again = accept(token, "achieng2");
    EXPECT_EQ(again.status, 422);
    EXPECT_EQ(again.text("code"), "auth.invalid_link");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE email LIKE 'achieng%'"), "1");
    EXPECT_EQ(post("ada", "/invitations/" + id + "/cancel").status, 409);
    EXPECT_EQ(post("ada", "/invitations/" + id + "/resend").status, 409);
}

TEST_F(Invitations, TellWhoSeesPeoplesAddressesThatOneHasAnAccount) {
    const Answer known = post("moses", "/invitations", asked("CLEO@studio.test"));
    EXPECT_EQ(known.status, 201);
    EXPECT_EQ(known.text("has_account"), "true");
    EXPECT_EQ(token_sent_to("CLEO@studio.test"), "") << "and no link is sent";
    const Answer unknown = post("moses", "/invitations", asked("not-yet@studio.test"));
    EXPECT_EQ(unknown.text("has_account"), "false");
    EXPECT_EQ(get("moses", "/invitations/" + known.text("id")).text("has_account"), "true");
    EXPECT_EQ(accept(token_sent_to("not-yet@studio.test"), "notyet").status, 201);
    EXPECT_EQ(get("moses", "/invitations/" + unknown.text("id")).text("has_account"), "true");
    ASSERT_EQ(
        post("guest", "/auth/register",
             {{"username", "squatter"}, {"email", "mine@studio.test"}, {"password", "the-strangers-own-1"}})
            .status,
        202);
    run_jobs();
    EXPECT_EQ(post("moses", "/invitations", asked("mine@studio.test")).text("has_account"), "false")
        << "an unproven account is none";
    EXPECT_EQ(get("moses", "/invitations?has_account=true").status, 400);
}

/// Where managers invite and don't see people's addresses, they learn nothing of them.
class BlindInvitations : public Invitations {
public:
    static void SetUpTestSuite() {
        open_where({"users.view_all", "users.view_contact"}, {Role::admin});
        make_people();
    }
};

TEST_F(BlindInvitations, AnswerAKnownAddressLikeAnUnknownOne) {
    const auto shape = [](const Answer& answer) {
        std::vector<std::string> lines;
        const auto parsed = answer.json();
        for (const auto& [name, value] : parsed.as_object())
            lines.push_back(std::string(name) + (value.is_null() ? " null" : ""));
        return lines;
    };
    const Answer known = post("moses", "/invitations", asked("sam@studio.test"));
    const Answer unknown = post("moses", "/invitations", asked("nobody@studio.test"));
    EXPECT_EQ(known.status, 201);
    EXPECT_EQ(unknown.status, 201);
    EXPECT_EQ(shape(known), shape(unknown));
    for (const char* field : {"state", "roles", "account", "accepted_at", "version", "batch"})
        EXPECT_EQ(known.text(field), unknown.text(field)) << field;
    run_jobs();
    EXPECT_EQ(sql("SELECT template FROM core_mail WHERE recipient = 'nobody@studio.test'"), "invitation");
    EXPECT_EQ(sql("SELECT template FROM core_mail WHERE recipient = 'sam@studio.test'"), "invitation_known");
    EXPECT_EQ(token_sent_to("sam@studio.test"), "");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE email = 'sam@studio.test'"), "1");
    EXPECT_EQ(post("moses", "/invitations", asked("SAM@studio.test")).status, 409);
    EXPECT_EQ(post("moses", "/invitations", asked("NOBODY@studio.test")).status, 409)
        << "a second one is refused alike";
}

TEST_F(Invitations, AreWorthNoLessWhereAStrangerRegisteredWithTheAddress) {
    const auto registers = [](const std::string& username, const std::string& email) {
        return post("guest", "/auth/register",
                    {{"username", username}, {"email", email}, {"password", "the-strangers-own-1"}});
    };
    ASSERT_EQ(registers("before", "jo@studio.test").status, 202);
    invite("ada", "jo@studio.test", "manager", {{"job_title", "Producer"}});
    const std::string token = token_sent_to("jo@studio.test");
    ASSERT_NE(token, "") << "the mail has the link";
    const Answer joined = accept(token, "joan");
    ASSERT_EQ(joined.status, 201) << joined.body;
    EXPECT_EQ(
        sql("SELECT username || ' ' || is_verified || ' ' || array_to_string(roles, ',') || ' ' || job_title "
            "FROM users_user WHERE lower(email) = 'jo@studio.test'"),
        "joan true manager Producer");
    const auto signs_in = [](const std::string& with) {
        return post("guest", "/auth/token", {{"username", "joan"}, {"password", with}}).status;
    };
    EXPECT_EQ(signs_in("the-strangers-own-1"), 401);
    EXPECT_EQ(signs_in(password), 200);

    invite("ada", "kim@studio.test");
    const std::string earlier = token_sent_to("kim@studio.test");
    ASSERT_EQ(registers("after", "kim@studio.test").status, 202);
    EXPECT_EQ(accept(earlier, "kim").status, 201);
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username IN ('before', 'after')"), "0");
}

TEST_F(Invitations, ReplaceNoAccountThatSomebodyMadeForAPerson) {
    make("ada", "/users", {{"username", "meant"}, {"email", "meant@studio.test"}, {"roles", {"finance"}}});
    invite("moses", "meant@studio.test");
    EXPECT_EQ(token_sent_to("meant@studio.test"), "") << "the mail says that there is an account";
    EXPECT_EQ(sql("SELECT array_to_string(roles, ',') FROM users_user WHERE username = 'meant'"), "finance");
}

TEST_F(Invitations, AreSentAgainWithALinkThatReplacesTheOlder) {
    const std::string id = invite("ada", "again@studio.test", "staff", {{"message", "Please come"}});
    const std::string first = token_sent_to("again@studio.test");
    EXPECT_EQ(sql("SELECT template FROM core_mail WHERE recipient = 'again@studio.test'"),
              "invitation_with_message");
    EXPECT_EQ(post("ada", "/invitations/" + id + "/resend").status, 200);
    const std::string second = token_sent_to("again@studio.test");
    EXPECT_NE(first, second);
    EXPECT_EQ(accept(first, "again").status, 422);
    EXPECT_EQ(accept(second, "again").status, 201);
}

TEST_F(Invitations, EndAfterAWeekAndComeBackWhenTheyAreSentAgain) {
    const std::string id = invite("ada", "late@studio.test", "staff");
    const std::string token = token_sent_to("late@studio.test");
    EXPECT_EQ(post("ada", "/invitations",
                   asked("long@studio.test", "staff", {{"expires_at", "2099-01-01T00:00:00Z"}}))
                  .status,
              422);
    const Timestamp before = clock().now();
    clock().advance(std::chrono::hours(24 * 7 + 1));
    sign_in_again("ada");
    EXPECT_EQ(accept(token, "late").status, 422);
    EXPECT_EQ(post("ada", "/invitations/" + id + "/resend").status, 200);
    EXPECT_EQ(accept(token_sent_to("late@studio.test"), "late").status, 201);
    clock().set(before);
    sign_in_again("ada");
}

TEST_F(Invitations, AreTakenBack) {
    const std::string id = invite("ada", "back@studio.test", "staff");
    const std::string token = token_sent_to("back@studio.test");
    EXPECT_EQ(post("ada", "/invitations/" + id + "/cancel").status, 200);
    EXPECT_EQ(post("ada", "/invitations/" + id + "/cancel").status, 200) << "twice changes nothing";
    EXPECT_EQ(sql("SELECT version FROM users_invitation WHERE id = $1", id), "2");
    EXPECT_EQ(accept(token, "back").status, 422);
    EXPECT_EQ(post("ada", "/invitations", asked("back@studio.test", "staff")).status, 201);
}

TEST_F(Invitations, AreSeenByWhoSentThemAndByWhoManagesPeople) {
    const std::string id = invite("moses", "seen@studio.test");
    access(Method::get, "/invitations/" + id,
           {{"guest", 401}, {"cleo", 404}, {"sam", 404}, {"mary", 404}, {"moses", 200}, {"ada", 200}});
    access(Method::post, "/invitations/" + id + "/resend",
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"mary", 404}, {"moses", 200}});
    access(Method::post, "/invitations/" + id + "/cancel",
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"mary", 404}, {"moses", 200}});
    access(Method::patch, "/invitations/" + id, {{"roles", {"admin"}}}, {{"ada", 405}, {"moses", 405}});
    EXPECT_EQ(get("mary", "/invitations").count(), 0);
    EXPECT_THAT(get("ada", "/invitations?page_size=200").ids(), Contains(id));
}

TEST_F(Invitations, MakeTemporaryUsers) {
    const std::string end =
        format(std::chrono::time_point_cast<std::chrono::seconds>(clock().now()) + std::chrono::hours(48));
    invite("ada", "event@studio.test", "field", {{"account_expires_at", end}});
    EXPECT_EQ(accept(token_sent_to("event@studio.test"), "eventhand").status, 201);
    EXPECT_EQ(get("ada", "/users?search=eventhand").each("expires_at"), std::vector<std::string>{end});
    EXPECT_EQ(post("ada", "/invitations",
                   asked("past@studio.test", "field", {{"account_expires_at", "2020-01-01T00:00:00Z"}}))
                  .status,
              422);
}

TEST_F(Invitations, EndWithTheAccountOrTheRightOfWhoSentThem) {
    account("leaver", {Role::manager});
    account("fallen", {Role::manager});
    const std::string id = invite("leaver", "friend@studio.test");
    invite("fallen", "mate@studio.test");
    const std::string token = token_sent_to("friend@studio.test");
    const std::string other = token_sent_to("mate@studio.test");
    EXPECT_EQ(post("ada", "/users/" + user("leaver") + "/deactivate").text("invitations_cancelled"), "1");
    EXPECT_EQ(state(id), "cancelled");
    EXPECT_EQ(accept(token, "friend").status, 422);
    EXPECT_EQ(patch("ada", "/users/" + user("fallen"), {{"roles", {"staff"}}}).status, 200);
    EXPECT_EQ(accept(other, "mate").status, 422) << "a manager is what a member of staff can't grant";
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username IN ('friend', 'mate')"), "0");
}

TEST_F(Invitations, TakeNoLinkOfAnotherPurpose) {
    invite("ada", "purpose@studio.test", "staff");
    const std::string token = token_sent_to("purpose@studio.test");
    std::string reset;
    transact(site(), Actor::system(), [&](Tx& tx) {
        reset = auth::issue_link(tx, auth::Purpose::reset_password,
                                 Id<users::User>{Uuid::parse(user("sam")).value()}, "sam@studio.test");
    });
    EXPECT_EQ(accept(reset, "purpose").status, 422);
    EXPECT_EQ(
        post("guest", "/auth/password/reset/confirm", {{"token", token}, {"password", "lorry-mango-48-roof"}})
            .status,
        422);
    for (const std::string& bad : {std::string("x"), std::string(), token + "x", token.substr(1)})
        EXPECT_EQ(accept(bad, "purpose").status, 422) << bad;
    EXPECT_EQ(accept(token, "purpose").status, 201);
}

TEST_F(Invitations, GiveTheLinkToOneOfManyWhoTryAtOnce) {
    invite("ada", "race@studio.test", "staff");
    const std::string token = token_sent_to("race@studio.test");
    std::vector<std::thread> threads;
    std::vector<int> statuses(4);
    for (std::size_t i = 0; i < statuses.size(); ++i)
        threads.emplace_back([&, i] { statuses[i] = accept(token, "racer" + std::to_string(i)).status; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 201), 1);
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username LIKE 'racer%'"), "1");
}

}  // namespace
}  // namespace tamiti::test
