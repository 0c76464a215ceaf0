#include <gmock/gmock.h>

#include "apps/users/service.hpp"
#include "core/base/json.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

class PersonalData : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("sam");
        user("cleo", {Role::client});
    }

    static Answer erase(const std::string& name, const std::string& confirm, const std::string& by = "ada") {
        return post(by, "/users/" + user(name) + "/erase", R"({"confirm": ")" + confirm + "\"}");
    }

    static std::string row(const std::string& table, const std::string& id) {
        return sql("SELECT row(t.*)::text FROM " + table + " t WHERE id = $1", id);
    }
};

TEST_F(PersonalData, AreGatheredForThePersonAlone) {
    EXPECT_EQ(get("guest", "/users/me/export").status, 401);
    EXPECT_EQ(get("sam", "/users/me/export").text("state"), "none");
    const std::string project = make("sam", "/projects", R"({"code": "SAM", "name": "Of Sam"})");
    ASSERT_EQ(patch("ada", "/projects/" + project, R"({"budget": {"amount": "7500000", "currency": "UGX"}})")
                  .status,
              200);
    ASSERT_EQ(patch("sam", "/users/me", R"({"phone": "+256772999888", "bio": "I cut films."})").status, 200);
    const Answer asked = post("sam", "/users/me/export");
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(asked.text("state"), "pending");
    EXPECT_EQ(post("sam", "/users/me/export").status, 202) << "asking again waits for the same";
    EXPECT_EQ(jobs("auth.gather_personal_data").size(), 1U);
    run_jobs();
    const Answer ready = get("sam", "/users/me/export");
    ASSERT_EQ(ready.text("state"), "ready") << ready.body;
    for (const char* part :
         {"+256772999888", "I cut films.", "sam@studio.test", "\"code\":\"SAM\"",
          "\"model\":\"projects.member\"", "\"sessions\":", "\"sign_ins\":", "\"changes_made\":"})
        EXPECT_THAT(ready.text("document"), HasSubstr(part));
    EXPECT_THAT(ready.body, Not(HasSubstr("7500000"))) << "what the person may not see stays out";
    EXPECT_THAT(ready.body, Not(HasSubstr("hash")));
    EXPECT_EQ(sql("SELECT template FROM core_mail WHERE recipient = 'sam@studio.test'"), "export_ready");
    EXPECT_EQ(get("cleo", "/users/me/export").text("state"), "none");
    const Timestamp before = clock().now();
    clock().advance(std::chrono::hours(24 * 7 + 1));
    sign_in_again("sam");
    EXPECT_EQ(get("sam", "/users/me/export").text("state"), "none") << "a week, not for ever";
    clock().set(before);
    sign_in_again("sam");
}

TEST_F(PersonalData, MayBeAskedForAgainOnceGatheringThemFailed) {
    user("patient");
    ASSERT_EQ(post("patient", "/users/me/export").text("state"), "pending");
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(
            "UPDATE core_job SET state = 'dead', finished_at = now() WHERE kind = "
            "'auth.gather_personal_data' "
            "AND state = 'waiting'");
    });
    const Timestamp before = clock().now();
    clock().advance(std::chrono::minutes(59));
    sign_in_again("patient");
    EXPECT_EQ(get("patient", "/users/me/export").text("state"), "pending");
    EXPECT_EQ(post("patient", "/users/me/export").text("state"), "pending");
    EXPECT_EQ(jobs("auth.gather_personal_data").back().state, "dead") << "it could be under way still";
    clock().advance(std::chrono::minutes(2));
    EXPECT_EQ(get("patient", "/users/me/export").text("state"), "failed");
    EXPECT_EQ(post("patient", "/users/me/export").text("state"), "pending");
    EXPECT_EQ(post("patient", "/users/me/export").text("state"), "pending");
    run_jobs();
    EXPECT_EQ(get("patient", "/users/me/export").text("state"), "ready");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient = 'patient@studio.test'"), "1");
    clock().set(before);
}

TEST_F(PersonalData, HaveTheNewestOfEachKindWhereThereIsTooMuchAndSaySo) {
    const std::string id = user("leader", {Role::manager});
    transact(site(), Actor::system(), [&](Tx& tx) {
        for (int i = 1; i <= 250; ++i)
            tx.execute(
                "INSERT INTO users_user (id, username, email, manager, roles) VALUES ($1, $2, $3, $4, "
                "'{staff}')",
                Uuid::make(), "report-" + std::to_string(i), "report-" + std::to_string(i) + "@studio.test",
                id);
    });
    const auto people = [&](users::RecordBounds bounds) {
        std::string out;
        json::Writer writer(out);
        writer.begin_object();
        look(site(), [&](ReadTx& tx) {
            const auto person = tx.get(Id<users::User>{Uuid::parse(id).value()});
            users::write_personal_rows(tx, person, writer, bounds);
        });
        writer.end_object();
        const json::value document = json::parse(out);
        for (const json::value& each : document.at("records").as_array())
            if (each.at("model") == "users.user") return each.as_object();
        return json::object();
    };
    const auto names = [](const json::object& found) {
        std::vector<std::string> all;
        for (const json::value& row : found.at("rows").as_array())
            all.emplace_back(row.at("username").as_string());
        return all;
    };
    const json::object all = people({});
    std::vector<std::string> newest = names(all);
    ASSERT_EQ(newest.size(), 251U) << "each once, and their own row";
    EXPECT_EQ(newest.front(), "report-250");
    EXPECT_EQ(newest[249], "report-1");
    EXPECT_EQ(all.at("left_out"), 0);
    EXPECT_EQ(all.at("withheld"), 0);

    const json::object some = people({.rows = 120});
    newest.resize(120);
    EXPECT_EQ(names(some), newest);
    EXPECT_EQ(some.at("left_out"), 131);
    EXPECT_EQ(some.at("withheld"), 0);

    const json::object few = people({.bytes = 4000});
    EXPECT_GT(names(few).size(), 1U);
    EXPECT_LT(names(few).size(), 40U);
    EXPECT_EQ(few.at("left_out").as_int64(), 251 - static_cast<std::int64_t>(names(few).size()));

    ASSERT_EQ(post("leader", "/users/me/export").status, 202);
    run_jobs();
    EXPECT_THAT(get("leader", "/users/me/export").text("document"), HasSubstr("the newest 10,000 rows"));
}

TEST_F(PersonalData, AreErasedOnlyOnPurposeAndOfADeactivatedPerson) {
    user("active");
    access(Method::post, "/users/" + user("active") + "/erase", R"({"confirm": "active"})",
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"active", 403}, {"ada", 409}});
    EXPECT_EQ(erase("ada", "ada").status, 403);
    ASSERT_EQ(post("ada", "/users/" + user("active") + "/deactivate").status, 200);
    const std::string before = row("users_user", user("active"));
    EXPECT_EQ(erase("active", "somebody").status, 422);
    EXPECT_EQ(erase("active", "").status, 422);
    EXPECT_EQ(row("users_user", user("active")), before);
}

TEST_F(PersonalData, AreUnrecognisableOnceErasedAndEverythingElseStands) {
    const std::string id = user("wanjiku", {Role::manager});
    ASSERT_EQ(patch("wanjiku", "/users/me",
                    R"({"phone": "+254722000111", "bio": "Shoots weddings", "first_name": "Wanjiku"})")
                  .status,
              200);
    const std::string project = make("wanjiku", "/projects", R"({"code": "STAYS", "name": "Stays"})");
    const std::string project_before = row("projects_project", project);
    const std::string invitation =
        make("ada", "/invitations", R"({"email": "Wanjiku@studio.test", "roles": ["client"]})");
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
    for (const char* change : {R"({"is_active": true})", R"({"first_name": "Wanjiku"})",
                               R"({"email": "wanjiku@studio.test"})", R"({"roles": ["admin"]})"})
        EXPECT_EQ(patch("ada", "/users/" + id, change).text("code"), "users.erased") << change;
    EXPECT_EQ(row("users_user", id), once);
    EXPECT_EQ(post("ada", "/users",
                   R"({"username": "wanjiku", "email": "wanjiku@studio.test", "roles": ["staff"]})")
                  .status,
              201)
        << "name and address are free again";
}

}  // namespace
}  // namespace tamiti::test
