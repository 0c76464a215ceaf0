#include <gmock/gmock.h>

#include "apps/people/personal_rows.hpp"
#include "core/base/json.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

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
};

TEST_F(PersonalData, AreGatheredForThePersonAlone) {
    EXPECT_EQ(get("guest", "/users/me/export").status, 401);
    EXPECT_EQ(get("sam", "/users/me/export").text("state"), "none");
    const std::string project = make("sam", "/projects", {{"code", "SAM"}, {"name", "Of Sam"}});
    ASSERT_EQ(patch("ada", "/projects/" + project, {{"budget", {{"amount", "7500000"}, {"currency", "UGX"}}}})
                  .status,
              200);
    ASSERT_EQ(patch("sam", "/users/me", {{"phone", "+256772999888"}, {"bio", "I cut films."}}).status, 200);
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

TEST_F(PersonalData, HaveWhatThePersonSet) {
    const std::string id = user("setter"), other = user("other_setter");
    transact(site(), Actor::system(), [&](Tx& tx) {
        for (const auto& [person, hour] : {std::pair{id, 7}, std::pair{other, 8}})
            tx.execute(
                {"INSERT INTO core_person_setting (id, person, name, document) VALUES "
                 "({}, {}, 'notices.digest', jsonb_build_object('hour', {}::int))",
                 Uuid::make(), person, hour});
    });
    post("setter", "/users/me/export");
    run_jobs();
    EXPECT_THAT(get("setter", "/users/me/export").text("document"),
                HasSubstr(R"("settings":{"notices.digest":{"hour":7}})"));
}

TEST_F(PersonalData, MayBeAskedForAgainOnceGatheringThemFailed) {
    user("patient");
    ASSERT_EQ(post("patient", "/users/me/export").text("state"), "pending");
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(
            Sql("UPDATE core_job SET state = 'dead', finished_at = now() WHERE kind = "
                "'auth.gather_personal_data' "
                "AND state = 'waiting'"));
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

TEST_F(PersonalData, HaveThePersonsOwnRowsWhoeverElseMaySeeThem) {
    const std::string own =
        make("ada", "/invitations", {{"email", "joined@studio.test"}, {"roles", {"staff"}}});
    make("ada", "/invitations", {{"email", "other@studio.test"}, {"roles", {"staff"}}});
    const std::string id = user("joined");
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute({"UPDATE users_invitation SET account = {} WHERE id = {}", id, own});
    });
    ASSERT_EQ(get("joined", "/invitations/" + own).status, 404);
    ASSERT_EQ(post("joined", "/users/me/export").status, 202);
    run_jobs();
    const Answer ready = get("joined", "/users/me/export");
    EXPECT_THAT(ready.text("document"), HasSubstr(own));
    EXPECT_THAT(ready.body, Not(HasSubstr("other@studio.test")));
}

TEST_F(PersonalData, HaveTheNewestOfEachKindWhereThereIsTooMuchAndSaySo) {
    const std::string id = user("leader", {Role::manager});
    transact(site(), Actor::system(), [&](Tx& tx) {
        for (int i = 1; i <= 250; ++i)
            tx.execute(
                {"INSERT INTO users_user (id, username, email, manager, roles) "
                 "VALUES ({}, {}, {}, {}, '{staff}')",
                 Uuid::make(), "report-" + std::to_string(i), "report-" + std::to_string(i) + "@studio.test",
                 id});
    });
    const auto users_among = [&](people::RecordBounds bounds) {
        std::string out;
        json::Writer writer(out);
        writer.begin_object();
        look(site(), [&](ReadTx& tx) {
            const auto person = tx.get(Id<users::User>{Uuid::parse(id).value()});
            people::write_personal_rows(tx, person, writer, bounds);
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
    const json::object all = users_among({});
    std::vector<std::string> newest = names(all);
    ASSERT_EQ(newest.size(), 251U) << "each once, and their own row";
    EXPECT_EQ(newest.front(), "report-250");
    EXPECT_EQ(newest[249], "report-1");
    EXPECT_EQ(all.at("left_out"), 0);
    EXPECT_EQ(all.at("withheld"), 0);

    const json::object some = users_among({.rows = 120});
    newest.resize(120);
    EXPECT_EQ(names(some), newest);
    EXPECT_EQ(some.at("left_out"), 131);
    EXPECT_EQ(some.at("withheld"), 0);

    const json::object few = users_among({.bytes = 4000});
    EXPECT_GT(names(few).size(), 1U);
    EXPECT_LT(names(few).size(), 40U);
    EXPECT_EQ(few.at("left_out").as_int64(), 251 - static_cast<std::int64_t>(names(few).size()));

    ASSERT_EQ(post("leader", "/users/me/export").status, 202);
    run_jobs();
    EXPECT_THAT(get("leader", "/users/me/export").text("document"), HasSubstr("the newest 10,000 rows"));
}

}  // namespace
}  // namespace tamiti::test
