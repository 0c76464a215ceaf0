#include <gmock/gmock.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/engine/purge.hpp"
#include "core/jobs/job.hpp"
#include "core/mail/mail.hpp"
#include "tests/core/toy/library_api.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class Operations : public LibraryApi {
protected:
    Operations() : settings_(*site().settings), usual_(site().settings) {
        sql("DELETE FROM core_job RETURNING id");
        sql("DELETE FROM core_mail RETURNING id");
        site().settings = &settings_;
    }
    ~Operations() override { site().settings = usual_; }

    static std::string job(const JobOptions& options = {}) {
        return transact(site(), Actor::system(),
                        [&](Tx& tx) { return tx.enqueue(PurgeTrash{}, options).text(); });
    }
    static void become_dead(const std::string& id) {
        sql("UPDATE core_job SET state = 'dead', finished_at = now(), attempt = 20, last_error = 'No room' "
            "WHERE id = $1::uuid RETURNING id",
            id);
    }
    static std::string state(const std::string& id) {
        return sql("SELECT state FROM core_job WHERE id = $1::uuid", id);
    }
    static std::string mail() {
        return transact(site(), Actor::system(), [](Tx& tx) {
            return mail::send(tx, {.to = "ada@studio.example",
                                   .template_name = "reset_password",
                                   .values = {{"name", "Ada"},
                                              {"link", "https://studio.example/reset-password#token=secret"},
                                              {"minutes", "60"}}})
                .text();
        });
    }

    Settings settings_;

private:
    const Settings* usual_;
};

TEST_F(Operations, AreForAdminsAlone) {
    const std::string id = job();
    become_dead(id);
    for (const std::string path : {"/operations", "/operations/jobs", "/operations/mails"})
        access(Method::get, path, {{"guest", 401}, {"client", 403}, {"manager", 403}, {"boss", 200}});
    for (const std::string verb : {"/retry", "/cancel"})
        access(Method::post, "/operations/jobs/" + id + verb,
               {{"guest", 401}, {"client", 403}, {"manager", 403}, {"boss", 200}});
}

TEST_F(Operations, ListWhatIsNotOverAndDeadLetters) {
    const std::string first = job(), dead = job(), done = job();
    become_dead(dead);
    sql("UPDATE core_job SET state = 'done', finished_at = now() WHERE id = $1::uuid RETURNING id", done);
    EXPECT_THAT(get("boss", "/operations/jobs").ids(), ElementsAre(dead, first)) << "the newest first";
    EXPECT_THAT(get("boss", "/operations/jobs?state=done").ids(), ElementsAre(done));
    EXPECT_THAT(get("boss", "/operations/jobs?state=dead&kind=core.purge_trash&queue=default").ids(),
                ElementsAre(dead));
    EXPECT_EQ(get("boss", "/operations/jobs?queue=mail").ids().size(), 0U);
    EXPECT_EQ(get("boss", "/operations/jobs?state=dead").text("results.0.last_error"), "No room");
    EXPECT_EQ(get("boss", "/operations/jobs?state=lost").status, 400);
    EXPECT_EQ(get("boss", "/operations/jobs?colour=red").status, 400);
}

TEST_F(Operations, ListJobsPageByPage) {
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i) made.insert(made.begin(), job());
    const Answer first = get("boss", "/operations/jobs?page_size=3");
    EXPECT_EQ(first.ids(), (std::vector<std::string>{made[0], made[1], made[2]}));
    const std::string next = first.text("next");
    ASSERT_THAT(next, HasSubstr("/api/v1/operations/jobs?"));
    const Answer second = get("boss", next.substr(std::string("/api/v1").size()));
    EXPECT_EQ(second.ids(), (std::vector<std::string>{made[3], made[4]}));
    EXPECT_TRUE(second.json().at("next").is_null());
}

TEST_F(Operations, TellAllThatIsKnownOfAJob) {
    const std::string id = job({.unique_key = "once"});
    const Answer answer = get("boss", "/operations/jobs/" + id);
    EXPECT_EQ(answer.text("kind"), "core.purge_trash");
    EXPECT_EQ(answer.text("state"), "waiting");
    EXPECT_EQ(answer.text("unique_key"), "once");
    EXPECT_EQ(answer.json().at("arguments"), boost::json::object{});
    EXPECT_EQ(get("boss", "/operations/jobs/" + Uuid::make().text()).status, 404);
}

TEST_F(Operations, TryADeadLetterAgainFromItsFirstAttempt) {
    const std::string id = job();
    become_dead(id);
    const Answer answer = post("boss", "/operations/jobs/" + id + "/retry");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("state"), "waiting");
    EXPECT_EQ(answer.text("attempt"), "0");
    run_jobs();
    EXPECT_EQ(state(id), "done");
    EXPECT_EQ(post("boss", "/operations/jobs/" + id + "/retry").text("code"), "core.job_state");
}

TEST_F(Operations, TryNothingAgainThatAnotherJobDoes) {
    const std::string old = job({.unique_key = "once"});
    become_dead(old);
    job({.unique_key = "once"});
    EXPECT_EQ(post("boss", "/operations/jobs/" + old + "/retry").text("code"), "core.job_done_by_another");
    EXPECT_EQ(state(old), "dead");
}

TEST_F(Operations, CancelWhatWaitsAndLetThoseBehindItRun) {
    const std::string first = job({.serial_key = "one by one"}), second = job({.serial_key = "one by one"});
    EXPECT_EQ(state(second), "blocked");
    EXPECT_EQ(post("boss", "/operations/jobs/" + first + "/cancel").text("state"), "cancelled");
    EXPECT_EQ(state(second), "waiting");
    EXPECT_EQ(post("boss", "/operations/jobs/" + first + "/cancel").status, 409);
    // Tried again it stands in line behind the one that may run now.
    EXPECT_EQ(post("boss", "/operations/jobs/" + first + "/retry").text("state"), "blocked");
}

TEST_F(Operations, ShowHowMuchThereIs) {
    become_dead(job());
    job();
    job();
    mail();
    const Answer now = get("boss", "/operations");
    std::vector<std::string> counts;
    const boost::json::value json = now.json();
    for (const auto& each : json.at("jobs").as_array())
        counts.push_back(std::string(each.at("queue").as_string()) + " " +
                         std::string(each.at("state").as_string()) + " " +
                         boost::json::serialize(each.at("count")));
    EXPECT_THAT(counts, UnorderedElementsAre("default dead 1", "default waiting 2", "mail waiting 1"));
    EXPECT_EQ(now.text("mails.0.state"), "waiting");
    EXPECT_EQ(now.text("mails.0.count"), "1");
    EXPECT_EQ(json.at("catches_mails"), true);
}

TEST_F(Operations, ShowWhenSchedulesAreDueNext) {
    sql("DELETE FROM core_schedule");
    sql("INSERT INTO core_schedule (name, last_tick) VALUES ('core.purge_trash', '2026-11-29T00:10:00Z'), "
        "('left.behind', '2026-11-29T23:30:00Z')");
    const Answer now = get("boss", "/operations");
    EXPECT_EQ(now.text("schedules.0.name"), "core.purge_trash");
    EXPECT_EQ(now.text("schedules.0.last_tick"), "2026-11-29T00:10:00Z");
    EXPECT_EQ(now.text("schedules.0.next_tick"), "2026-11-30T00:10:00Z") << "ten past three in Kampala";
    EXPECT_TRUE(now.json().at("schedules").as_array().at(1).at("next_tick").is_null()) << "no app has it";
    sql("DELETE FROM core_schedule");
}

TEST_F(Operations, ShowWhatCaughtMailsSayInDevelopmentOnly) {
    const std::string id = mail();
    EXPECT_THAT(get("boss", "/operations/mails").ids(), ElementsAre(id));
    EXPECT_EQ(get("boss", "/operations/mails?state=sent").ids().size(), 0U);
    const Answer told = get("boss", "/operations/mails/" + id);
    EXPECT_EQ(told.text("recipient"), "ada@studio.example");
    EXPECT_THAT(told.text("body_text"), HasSubstr("#token=secret"));
    EXPECT_EQ(told.header("Cache-Control"), "no-store");
    settings_.env = "prod";
    const Answer silent = get("boss", "/operations/mails/" + id);
    EXPECT_EQ(silent.status, 200);
    EXPECT_THAT(silent.body, Not(HasSubstr("secret"))) << "such links let people in";
    EXPECT_EQ(get("boss", "/operations/mails/" + Uuid::make().text()).status, 404);
}

}  // namespace
}  // namespace tamiti::test
