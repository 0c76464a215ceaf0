#include "core/engine/job_commands.hpp"
#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

class JobsCommands : public Jobs {
public:
    struct Said {
        int code = 0;
        std::string out{};
        std::string err{};
    };

    static Said say(const std::string& name, const std::map<std::string, std::string>& values = {}) {
        for (const Command& command : jobs::commands()) {
            if (command.name != name) continue;
            testing::internal::CaptureStdout();
            testing::internal::CaptureStderr();
            Said said;
            said.code = command.run(*site, values);
            said.out = testing::internal::GetCapturedStdout();
            said.err = testing::internal::GetCapturedStderr();
            return said;
        }
        ADD_FAILURE() << "no command " << name;
        return {};
    }
};

TEST_F(JobsCommands, ListWhatWaitsAndDeadLettersAndNotWhatIsDone) {
    enqueue(Work{"a"});
    run();
    on_letter = [](Tx&, const Letter&) { return cancel("unwanted"); };
    enqueue(Letter{1});
    run();
    const Uuid waiting = enqueue(Call{"x"});
    const Uuid dead = enqueue(Work{"dead"});
    sql("UPDATE core_job SET state = 'dead', finished_at = now(), last_error = E'two\nlines' WHERE id = $1",
        dead);
    const Said said = say("jobs list");
    EXPECT_EQ(said.code, 0);
    EXPECT_NE(said.out.find(waiting.text()), std::string::npos);
    EXPECT_NE(said.out.find("two lines"), std::string::npos);
    EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 3) << said.out;
    EXPECT_NE(say("jobs list", {{"state", "cancelled"}}).out.find("unwanted"), std::string::npos);
    EXPECT_EQ(say("jobs list", {{"limit", "none"}}).code, 1);
}

TEST_F(JobsCommands, ShowAllThatIsKnown) {
    const Uuid id = enqueue(Work{"seen"}, {.unique_key = "only once"});
    const Said said = say("jobs show", {{"id", id.text()}});
    EXPECT_EQ(said.code, 0);
    for (const char* part : {"test.work", "seen", "only once", "waiting"})
        EXPECT_NE(said.out.find(part), std::string::npos) << part << "\n" << said.out;
    EXPECT_EQ(say("jobs show", {{"id", "x"}}).code, 1);
    EXPECT_EQ(say("jobs show", {{"id", Uuid::make().text()}}).code, 1);
}

TEST_F(JobsCommands, RetryADeadLetterFromItsFirstAttempt) {
    const Uuid id = enqueue(Work{"again"});
    sql("UPDATE core_job SET state = 'dead', finished_at = now(), attempt = 3, rescues = 2");
    EXPECT_EQ(say("jobs retry", {{"id", id.text()}}).code, 0);
    EXPECT_EQ(sql("SELECT state || attempt || rescues FROM core_job"), "waiting00");
    run();
    EXPECT_EQ(effects(), "again");
    EXPECT_EQ(say("jobs retry", {{"id", id.text()}}).code, 1) << "done is done";
}

TEST_F(JobsCommands, RetryNothingThatAnotherUnfinishedJobDoes) {
    const Uuid old = enqueue(Work{"old"}, {.unique_key = "k"});
    sql("UPDATE core_job SET state = 'dead', finished_at = now()");
    enqueue(Work{"new"}, {.unique_key = "k"});
    const Said said = say("jobs retry", {{"id", old.text()}});
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.err.find("unique key"), std::string::npos);
}

TEST_F(JobsCommands, CancelWhatWaitsAndLetThoseBehindItRun) {
    const Uuid first = enqueue(Work{"first"}, {.serial_key = "s"});
    enqueue(Work{"second"}, {.serial_key = "s"});
    EXPECT_EQ(say("jobs cancel", {{"id", first.text()}}).code, 0);
    EXPECT_EQ(state(first), "cancelled");
    run();
    EXPECT_EQ(effects(), "second");
    EXPECT_EQ(say("jobs cancel", {{"id", first.text()}}).code, 1);
}

TEST_F(JobsCommands, AskAJobThatRunsToStop) {
    const Uuid id = enqueue(Work{});
    sql("UPDATE core_job SET state = 'running', attempt = 1, worker = id, lease_token = 1");
    EXPECT_EQ(say("jobs cancel", {{"id", id.text()}}).code, 0);
    EXPECT_EQ(sql("SELECT state || ' ' || cancel_requested FROM core_job"), "running true");
    jobs::rescue(*site->pool->acquire());
    EXPECT_EQ(state(id), "cancelled") << "it isn't tried again";
}

}  // namespace
}  // namespace tamiti::test
