#include <gmock/gmock.h>

#include "apps/users/jobs.hpp"
#include "core/jobs/job.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

/// Ada is an admin, Moses manages, Sam is staff, Cleo a client.
class Leaving : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("moses", {Role::manager});
        user("sam");
        user("cleo", {Role::client});
    }

    static Answer deactivate(const std::string& name, const Body& body = {}, const std::string& by = "ada") {
        return post(by, "/users/" + user(name) + "/deactivate", body);
    }

    static Body reassign_to(const std::string& name) {
        return {{"reassign_to", user(name)}, {"reason", "Left"}};
    }

    static std::string column(const std::string& table, const std::string& column, const std::string& id) {
        return sql("SELECT coalesce(" + column + "::text, 'null') FROM " + table + " WHERE id = $1", id);
    }
};

TEST_F(Leaving, IsForWhoManagesPeopleAndForOthersThanThemselves) {
    const std::string path = "/users/" + user("target");
    for (const char* verb : {"/deactivate", "/reactivate"})
        access(Method::post, path + verb,
               {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"moses", 403}, {"target", 403}});
    access(Method::get, path + "/work",
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"moses", 403}, {"ada", 200}});
    EXPECT_EQ(column("users_user", "is_active", user("target")), "true");
    const Answer own = deactivate("ada");
    EXPECT_EQ(own.status, 403);
    EXPECT_EQ(own.text("code"), "users.own_rights");
    EXPECT_EQ(post("ada", "/users/" + Uuid::make().text() + "/deactivate").status, 404);
}

TEST_F(Leaving, EndsSessionsAtOnceAndTellsThePersonAndListeners) {
    user("gone");
    EXPECT_EQ(get("gone", "/users/me").status, 200);
    const Answer done = deactivate("gone", {{"reason", "Caught stealing"}});
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.text("is_active"), "false");
    EXPECT_EQ(get("gone", "/users/me").status, 401);
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(sql("SELECT end_reason FROM auth_session WHERE account = $1", user("gone")), "account_closed");
    EXPECT_EQ(sql("SELECT template FROM core_mail WHERE recipient = 'gone@studio.test'"),
              "account_deactivated");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE body_text LIKE '%stealing%'"), "0");
    EXPECT_EQ(deactivate("gone").status, 200) << "twice changes nothing";
    EXPECT_EQ(column("users_user", "version", user("gone")), "2");
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient = 'gone@studio.test'"), "1");
    const Timestamp before = clock().now();
    clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(post("ada", "/users/" + user("gone") + "/reactivate").text("is_active"), "true");
    EXPECT_EQ(get("gone", "/users/me").status, 401) << "old sessions stay ended";
    sign_in_again("gone");
    EXPECT_EQ(get("gone", "/users/me").status, 200);
    clock().set(before);
}

TEST_F(Leaving, ByChangingTheRowDoesTheSame) {
    user("patched");
    EXPECT_EQ(patch("ada", "/users/" + user("patched"), {{"is_active", false}}).status, 200);
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(sql("SELECT end_reason FROM auth_session WHERE account = $1", user("patched")),
              "account_closed")
        << sql("SELECT string_agg(kind || ' ' || state || ' ' || run_at || ' ' || coalesce(last_error, ''), "
               "'; ') "
               "FROM core_job WHERE state <> 'done'");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient = 'patched@studio.test'"), "1");
}

TEST_F(Leaving, KeepsItsReasonForWhoManagesPeopleUntilThePersonComesBack) {
    const std::string path = "/users/" + user("reasoned");
    ASSERT_EQ(deactivate("reasoned", {{"reason", "Moved to Gulu"}}).status, 200);
    EXPECT_EQ(get("ada", path).text("deactivation_reason"), "Moved to Gulu");
    EXPECT_FALSE(get("moses", path).json().as_object().contains("deactivation_reason"));
    EXPECT_EQ(patch("ada", path, {{"deactivation_reason", "Other"}}).status, 400);
    ASSERT_EQ(post("ada", path + "/reactivate").status, 200);
    EXPECT_EQ(get("ada", path).text("deactivation_reason"), "");
    const Timestamp before = clock().now();
    clock().advance(std::chrono::seconds(1));
    sign_in_again("reasoned");
    const Answer own = get("reasoned", "/users/me");
    EXPECT_EQ(own.text("username"), "reasoned");
    EXPECT_FALSE(own.json().as_object().contains("deactivation_reason"));
    clock().set(before);
    ASSERT_EQ(deactivate("reasoned", {{"reason", "Again"}}).status, 200);
    ASSERT_EQ(patch("ada", path, {{"is_active", true}}).status, 200);
    EXPECT_EQ(get("ada", path).text("deactivation_reason"), "") << "by changing the row, too";
    ASSERT_EQ(patch("ada", path, {{"is_active", false}}).status, 200);
    EXPECT_EQ(get("ada", path).text("deactivation_reason"), "");
}

TEST_F(Leaving, TellsWhoTakesTheWorkOver) {
    const auto mails = [](const std::string& name) {
        return sql("SELECT count(*) FROM core_mail WHERE recipient = $1 AND template = 'work_handed_over'",
                   name + "@studio.test");
    };
    user("worker", {Role::manager});
    user("taker");
    make("worker", "/projects", {{"code", "TAKEN"}, {"name", "Taken"}});
    const std::string rows = deactivate("worker", reassign_to("taker")).text("reassigned");
    EXPECT_EQ(mails("taker"), "1");
    EXPECT_EQ(
        sql("SELECT body_text LIKE '%worker Test%' || $2 || '.%' FROM core_mail WHERE recipient = $1 AND "
            "template = 'work_handed_over'",
            "taker@studio.test", rows),
        "t");
    EXPECT_EQ(mails("worker"), "0");
    EXPECT_EQ(deactivate("worker", reassign_to("taker")).text("reassigned"), "0");
    EXPECT_EQ(mails("taker"), "1") << "there was nothing more to take over";
    user("idle");
    EXPECT_EQ(deactivate("idle", reassign_to("moses")).text("reassigned"), "0");
    EXPECT_EQ(mails("moses"), "0");
}

TEST_F(Leaving, ShowsTheOpenWorkAndHandsItOverInOneGo) {
    user("leaver", {Role::manager});
    user("heir");
    const std::string open = make("leaver", "/projects", {{"code", "OPEN"}, {"name", "Open"}});
    const std::string done = make("leaver", "/projects", {{"code", "DONE"}, {"name", "Done"}});
    ASSERT_EQ(post("ada", "/projects/" + done + "/archive").status, 200);
    const std::string step =
        make("ada", "/milestones", {{"project", open}, {"name", "Step"}, {"owner", user("leaver")}});
    ASSERT_EQ(patch("ada", "/users/" + user("sam"), {{"manager", user("leaver")}}).status, 200);

    const Answer work = get("ada", "/users/" + user("leaver") + "/work");
    ASSERT_EQ(work.status, 200) << work.body;
    EXPECT_THAT(work.body, HasSubstr(R"("model":"projects.project","field":"owner","count":1)"));
    EXPECT_THAT(work.body, HasSubstr(R"("model":"projects.milestone","field":"owner","count":1)"));
    EXPECT_THAT(work.body, HasSubstr(R"("model":"users.user","field":"manager","count":1)"));
    EXPECT_THAT(work.body, HasSubstr("\"code\":\"OPEN\""));
    EXPECT_THAT(work.body, Not(HasSubstr("\"code\":\"DONE\"")));

    const std::string version = column("projects_project", "version", open);
    const Answer left = deactivate("leaver", reassign_to("heir"));
    ASSERT_EQ(left.status, 200) << left.body;
    EXPECT_EQ(column("projects_project", "owner", open), user("heir"));
    EXPECT_EQ(column("projects_project", "version", open), std::to_string(std::stoi(version) + 1));
    EXPECT_EQ(column("projects_milestone", "owner", step), user("heir"));
    EXPECT_EQ(column("users_user", "manager", user("sam")), user("heir"));
    EXPECT_EQ(column("projects_project", "owner", done), user("leaver")) << "history stays";
    EXPECT_EQ(get("heir", "/projects/" + open).status, 200);
    EXPECT_EQ(post("heir", "/milestones/" + step + "/complete").status, 200);
    EXPECT_THAT(get("ada", "/users/" + user("leaver") + "/work").body, Not(HasSubstr("OPEN")));
    EXPECT_EQ(deactivate("leaver", reassign_to("heir")).text("reassigned"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM core_audit WHERE table_name = 'projects_project' AND row_id = $1 "
                  "AND changes ? 'owner' AND actor = $2",
                  open, user("ada")),
              "1");
}

TEST_F(Leaving, TakesNoSuccessorWhoCouldNotDoTheWork) {
    user("stayer");
    user("away");
    ASSERT_EQ(deactivate("away").status, 200);
    for (const char* bad : {"stayer", "cleo", "away"}) {
        const Answer refused = deactivate("stayer", reassign_to(bad));
        EXPECT_EQ(refused.status, 422) << bad;
        EXPECT_NE(refused.text("errors.reassign_to.0"), "") << bad;
    }
    EXPECT_EQ(deactivate("stayer", {{"reassign_to", Uuid::make().text()}}).status, 422);
    EXPECT_EQ(column("users_user", "is_active", user("stayer")), "true");
}

TEST_F(Leaving, MovesASuccessorUpWhoReportedToTheLeaver) {
    const std::string top = user("top"), head = user("head"), deputy = user("deputy"), hand = user("hand");
    for (const auto& [who, to] :
         std::vector<std::pair<std::string, std::string>>{{head, top}, {deputy, head}, {hand, deputy}})
        ASSERT_EQ(patch("ada", "/users/" + who, {{"manager", to}}).status, 200);
    ASSERT_EQ(patch("hand", "/users/me",
                    {{"out_of_office_from", "2026-12-01"},
                     {"out_of_office_until", "2026-12-09"},
                     {"out_of_office_delegate", head}})
                  .status,
              200);
    ASSERT_EQ(deactivate("head", reassign_to("hand")).status, 200);
    EXPECT_EQ(column("users_user", "manager", hand), top);
    EXPECT_EQ(column("users_user", "manager", deputy), hand) << "and no circle came of it";
    EXPECT_EQ(column("users_user", "out_of_office_delegate", hand), "null");
}

TEST_F(Leaving, OfTheLastAdminIsRefused) {
    user("second", {Role::admin});
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(Sql("UPDATE users_user SET expires_at = '2099-01-01Z' WHERE username = 'second'"));
    });
    const Answer refused = deactivate("ada", {}, "second");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("code"), "users.last_admin");
    EXPECT_EQ(column("users_user", "is_active", user("ada")), "true");
}

TEST_F(Leaving, HappensByItselfWhenTheTimeOfAnAccountIsOver) {
    const std::string id = user("visitor");
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute(
            {"UPDATE users_user SET expires_at = {} WHERE id = {}", tx.now() - std::chrono::minutes(1), id});
        tx.enqueue(users::CloseExpired{});
    });
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(column("users_user", "signed_out_at IS NOT NULL", id), "true");
    EXPECT_EQ(sql("SELECT end_reason FROM auth_session WHERE account = $1", id), "account_closed");
    const std::string version = column("users_user", "version", id);
    transact(site(), Actor::system(), [&](Tx& tx) { tx.enqueue(users::CloseExpired{}); });
    make_jobs_due();
    run_jobs();
    EXPECT_EQ(column("users_user", "version", id), version) << "once for each end";
    EXPECT_EQ(get("visitor", "/users/me").status, 401);
    EXPECT_THAT(get("ada", "/users?expires_at__lt=now").each("username"), ::testing::Contains("visitor"));
}

TEST_F(Leaving, ForAWhileNamesADelegate) {
    const auto away = [](const Object& more) {
        return patch("sam", "/users/me", joined({{"out_of_office_from", "2026-12-01"}}, more));
    };
    EXPECT_EQ(away({}).status, 422) << "without an end";
    EXPECT_EQ(away({{"out_of_office_until", "2026-11-30"}}).status, 422) << "an end before the start";
    EXPECT_EQ(away({{"out_of_office_until", "2026-12-05"}, {"out_of_office_delegate", user("sam")}}).status,
              422)
        << "nobody stands in for themselves";
    const Answer set =
        away({{"out_of_office_until", "2026-12-05"}, {"out_of_office_delegate", user("moses")}});
    ASSERT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(set.text("out_of_office_delegate"), user("moses"));
    EXPECT_THAT(get("moses",
                    "/users?out_of_office_from__lte=2026-12-03&out_of_office_until__gte=2026-12-03"
                    "&out_of_office_delegate=me")
                    .each("username"),
                ::testing::ElementsAre("sam"));
    EXPECT_EQ(patch("sam", "/users/me", {{"zones", {"kampala"}}}).status, 403);
    EXPECT_EQ(patch("sam", "/users/me", {{"agent_tags", {"motorbike"}}}).status, 403);
    EXPECT_EQ(patch("ada", "/users/" + user("sam"), {{"zones", {"Kampala Central"}}}).text("zones"),
              R"(["kampala central"])");
    EXPECT_THAT(get("moses", "/users?zones__any=kampala%20central").each("username"),
                ::testing::ElementsAre("sam"));
}

}  // namespace
}  // namespace tamiti::test
