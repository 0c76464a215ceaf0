#include <gmock/gmock.h>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

class Erasure : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("sam");
        user("cleo", {Role::client});
    }

    static Answer erase(const std::string& name, const std::string& confirm, const std::string& by = "ada") {
        return post(by, "/users/" + user(name) + "/erase", {{"confirm", confirm}});
    }

    static std::string row(const std::string& table, const std::string& id) {
        return sql("SELECT row(t.*)::text FROM " + table + " t WHERE id = $1", id);
    }
};

TEST_F(Erasure, TakesPurposeAndADeactivatedPerson) {
    user("active");
    access(Method::post, "/users/" + user("active") + "/erase", {{"confirm", "active"}},
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"active", 403}, {"ada", 409}});
    EXPECT_EQ(erase("ada", "ada").status, 403);
    ASSERT_EQ(post("ada", "/users/" + user("active") + "/deactivate").status, 200);
    const std::string before = row("users_user", user("active"));
    EXPECT_EQ(erase("active", "somebody").status, 422);
    EXPECT_EQ(erase("active", "").status, 422);
    EXPECT_EQ(row("users_user", user("active")), before);
}

TEST_F(Erasure, LeavesNobodyToRecogniseAndEverythingElseStands) {
    const std::string id = user("wanjiku", {Role::manager});
    ASSERT_EQ(patch("wanjiku", "/users/me",
                    {{"phone", "+254722000111"}, {"bio", "Shoots weddings"}, {"first_name", "Wanjiku"}})
                  .status,
              200);
    const std::string project = make("wanjiku", "/projects", {{"code", "STAYS"}, {"name", "Stays"}});
    const std::string project_before = row("projects_project", project);
    const std::string invitation =
        make("ada", "/invitations", {{"email", "Wanjiku@studio.test"}, {"roles", {"client"}}});
    ASSERT_EQ(post("ada", "/users/" + id + "/deactivate").status, 200);
    run_jobs();
    const Answer erased = erase("wanjiku", "Wanjiku");
    ASSERT_EQ(erased.status, 200) << erased.body;
    EXPECT_EQ(erased.text("first_name") + " " + erased.text("last_name"), "Former member");
    EXPECT_NE(erased.text("erased_at"), "null");
    const std::string everywhere =
        sql("SELECT coalesce(string_agg(t::text, ' '), '') FROM (SELECT u::text FROM users_user u UNION ALL "
            "SELECT a.changes::text FROM core_audit a UNION ALL SELECT s::text FROM auth_session s UNION ALL "
            "SELECT i::text FROM users_invitation i) AS all_rows (t)");
    for (const char* trace : {"anjiku", "254722000111", "weddings"})
        EXPECT_THAT(everywhere, Not(HasSubstr(trace))) << trace;
    EXPECT_EQ(sql("SELECT state FROM users_invitation WHERE id = $1", invitation), "cancelled")
        << "one that waits can't be kept without the address";
    EXPECT_EQ(row("projects_project", project), project_before);
    EXPECT_EQ(get("ada", "/projects/" + project + "?expand=owner").text("owner.first_name"), "Former");
    EXPECT_GT(std::stoi(sql("SELECT count(*) FROM core_audit WHERE row_id = $1", id)), 2)
        << "that something was changed stays";
    EXPECT_EQ(sql("SELECT count(*) FROM auth_password WHERE account = $1", id), "0");

    const std::string once = row("users_user", id);
    EXPECT_EQ(erase("wanjiku", "Wanjiku").status, 200) << "twice changes nothing";
    EXPECT_EQ(row("users_user", id), once);
    const Answer back = post("ada", "/users/" + id + "/reactivate");
    EXPECT_EQ(back.status, 409);
    EXPECT_EQ(back.text("code"), "users.erased");
    for (const Body& change : {Body{{"is_active", true}}, Body{{"first_name", "Wanjiku"}},
                               Body{{"email", "wanjiku@studio.test"}}, Body{{"roles", {"admin"}}}})
        EXPECT_EQ(patch("ada", "/users/" + id, change).text("code"), "users.erased") << change;
    EXPECT_EQ(row("users_user", id), once);
    EXPECT_EQ(post("ada", "/users",
                   {{"username", "wanjiku"}, {"email", "wanjiku@studio.test"}, {"roles", {"staff"}}})
                  .status,
              201)
        << "name and address are free again";
}

TEST_F(Erasure, TakesEveryPersonalFieldOfEveryModelAndItsHistory) {
    const std::string id = user("achan");
    ASSERT_EQ(patch("achan", "/users/me", {{"language", "fr"}, {"bio", "Flies drones"}}).status, 200);
    ASSERT_EQ(patch("ada", "/users/" + id, {{"job_title", "Pilot"}, {"zones", {"gulu"}}}).status, 200);
    const std::string invitation =
        make("ada", "/invitations",
             {{"email", "elsewhere@studio.test"}, {"roles", {"staff"}}, {"first_name", "Achan"}});
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute({"UPDATE users_invitation SET account = {} WHERE id = {}", id, invitation});
        tx.execute({"UPDATE auth_session SET device = 'Tail phone' WHERE account = {}", id});
    });
    ASSERT_EQ(post("ada", "/users/" + id + "/deactivate").status, 200);
    run_jobs();
    ASSERT_EQ(erase("achan", "achan").status, 200);
    for (const char* table : {"users_user", "users_invitation", "auth_session"})
        for (const char* trace : {"Flies drones", "Pilot", "gulu", "elsewhere", "Achan", "Tail phone"})
            EXPECT_EQ(
                sql(std::string("SELECT count(*) FROM ") + table + " t WHERE t::text LIKE '%' || $1 || '%'",
                    trace),
                "0")
                << table << " " << trace;
    for (const char* trace : {"Flies drones", "Pilot", "gulu", "elsewhere", "Achan", "Tail phone"})
        EXPECT_EQ(sql("SELECT count(*) FROM core_audit WHERE changes::text LIKE '%' || $1 || '%'", trace),
                  "0")
            << trace;
    EXPECT_EQ(
        sql("SELECT language || ' ' || zones::text || ' ' || job_title FROM users_user WHERE id = $1", id),
        "en {} ");
    EXPECT_EQ(sql("SELECT roles::text FROM users_invitation WHERE id = $1", invitation), "{staff}")
        << "that somebody was invited, and to what, stays";
}

}  // namespace
}  // namespace tamiti::test
