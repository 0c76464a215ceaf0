#include <thread>

#include "core/jobs/worker.hpp"
#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

using namespace std::chrono_literals;

class JobsWorker : public Jobs {
public:
    void SetUp() override {
        Jobs::SetUp();
        worker = std::make_unique<jobs::Worker>(*site, jobs::WorkerSettings{.threads = 3});
    }
    void TearDown() override {
        EXPECT_TRUE(worker->stop([] { return false; }));
        worker.reset();
    }

    static bool within(std::chrono::milliseconds time, const std::function<bool()>& holds) {
        for (const auto end = std::chrono::steady_clock::now() + time;
             std::chrono::steady_clock::now() < end;) {
            if (holds()) return true;
            std::this_thread::sleep_for(5ms);
        }
        return holds();
    }
    static std::string count(const std::string& wanted) {
        return sql("SELECT count(*) FROM core_job WHERE state = $1", wanted);
    }

    std::unique_ptr<jobs::Worker> worker;
};

TEST_F(JobsWorker, RunsWhatIsThereAndWhatComes) {
    for (int i = 0; i < 50; ++i) enqueue(Work{"a"});
    worker->start();
    EXPECT_TRUE(within(5s, [] { return count("done") == "50"; }));
    for (int i = 0; i < 50; ++i) enqueue(Work{"b"});
    EXPECT_TRUE(within(5s, [] { return count("done") == "100"; }));
    EXPECT_EQ(sql("SELECT count(*) FROM effect"), "100");
}

TEST_F(JobsWorker, HearsOfAJobBeforeItWouldHaveLooked) {
    worker->start();
    ASSERT_TRUE(within(3s, [] { return sql("SELECT count(*) FROM core_worker") == "1"; }));
    std::this_thread::sleep_for(100ms);
    double slowest = 0;
    for (int i = 0; i < 5; ++i) {
        const Uuid id = enqueue(Work{"x"});
        ASSERT_TRUE(within(5s, [&] { return state(id) == "done"; }));
        slowest = std::max(slowest, std::stod(sql("SELECT extract(epoch FROM started_at - created_at)"
                                                  " FROM core_job WHERE id = $1",
                                                  id)));
        std::this_thread::sleep_for(30ms);
    }
    EXPECT_LT(slowest, 0.8) << "a look a second would have taken half a second on average";
}

TEST_F(JobsWorker, HoldsNoMoreOfAQueueThanItsLimit) {
    std::atomic<int> running{0}, most{0};
    on_letter = [&](Tx&, const Letter&) {
        most = std::max(most.load(), ++running);
        std::this_thread::sleep_for(5ms);
        --running;
        return done();
    };
    worker =
        std::make_unique<jobs::Worker>(*site, jobs::WorkerSettings{.threads = 6, .limits = {{"mail", 2}}});
    for (int i = 0; i < 20; ++i) enqueue(Letter{i});
    worker->start();
    EXPECT_TRUE(within(10s, [] { return count("done") == "20"; }));
    EXPECT_LE(most, 2);
    EXPECT_GE(most, 1);
}

TEST_F(JobsWorker, GivesBackWhatItCantFinishWithoutCountingTheAttempt) {
    std::atomic<bool> go{false};
    on_call = [&](JobRun& run, const Call&) {
        while (!run.should_stop() && !go) std::this_thread::sleep_for(5ms);
        return retry("it was told to stop");
    };
    worker->start();
    const Uuid id = enqueue(Call{});
    for (int i = 0; i < 30; ++i) enqueue(Call{});
    ASSERT_TRUE(within(5s, [&] { return count("running") >= "3"; }));
    EXPECT_TRUE(worker->stop([] { return true; })) << "the job heeds when it is asked";
    EXPECT_EQ(count("waiting"), "31");
    EXPECT_EQ(sql("SELECT sum(attempt) FROM core_job"), "0");
    EXPECT_EQ(sql("SELECT sum(rescues) FROM core_job"), "0");
    EXPECT_EQ(error(id), "");
}

TEST_F(JobsWorker, TellsAJobThatSomebodyCancelledIt) {
    on_call = [](JobRun& run, const Call&) {
        while (!run.should_stop()) std::this_thread::sleep_for(5ms);
        return retry("asked to stop");
    };
    const Uuid id = enqueue(Call{});
    worker->start();
    ASSERT_TRUE(within(5s, [&] { return state(id) == "running"; }));
    sql("UPDATE core_job SET cancel_requested = true");
    EXPECT_TRUE(within(5s, [&] { return state(id) == "cancelled"; })) << state(id);
}

TEST_F(JobsWorker, RescuesTheJobsOfOneThatIsGone) {
    const Uuid gone = Uuid::make();
    jobs::enrol(*site->pool->acquire(), gone, "gone");
    const Uuid id = enqueue(Work{"x"});
    sql("UPDATE core_job SET state = 'running', attempt = 1, worker = $1, lease_token = 1", gone);
    worker->start();
    EXPECT_TRUE(within(6s, [&] { return state(id) == "done"; }));
    EXPECT_EQ(effects(), "x");
    EXPECT_EQ(sql("SELECT attempt || ' ' || rescues FROM core_job"), "1 1");
    EXPECT_TRUE(
        within(3s, [] { return sql("SELECT count FROM core_job_total WHERE outcome = 'rescued'") == "1"; }));
}

TEST_F(JobsWorker, AsksToBeReplacedWhereAJobOutlivesItsTimeAndDoesNotHeed) {
    static std::atomic<bool> go;  // outlives the test, as the thread does
    go = false;
    on_work = [](Tx&, const Work&) {
        while (!go) std::this_thread::sleep_for(5ms);
        return done();
    };
    const Uuid id = enqueue(Work{});
    worker->start();
    EXPECT_TRUE(within(10s, [&] { return worker->must_be_replaced(); }));
    EXPECT_TRUE(within(2s, [&] { return state(id) == "waiting"; }));
    EXPECT_EQ(error(id), "It ran longer than 1 s and did not stop when it was asked to.");
    EXPECT_EQ(sql("SELECT attempt || ' ' || rescues FROM core_job"), "1 2") << "the next is made apart";
    go = true;
}

TEST_F(JobsWorker, OutlivesTheLossOfAllItsConnections) {
    worker->start();
    const Uuid before = enqueue(Work{"a"});
    ASSERT_TRUE(within(5s, [&] { return state(before) == "done"; }));
    sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'tamiti-%'");
    const Uuid after = enqueue(Work{"b"});
    EXPECT_TRUE(within(5s, [&] { return state(after) == "done"; }));
    EXPECT_EQ(effects(), "a b");
}

TEST_F(JobsWorker, RunsSerialJobsOneAfterTheOther) {
    std::mutex mutex;
    std::map<std::string, std::string> order;
    on_work = [&](Tx& tx, const Work& job) {
        {
            const std::lock_guard lock(mutex);
            order[job.text.substr(0, 1)] += job.text.substr(1);
        }
        tx.execute({"INSERT INTO effect VALUES ('work', {})", job.text});
        return done();
    };
    for (int i = 0; i < 10; ++i)
        for (const char* key : {"a", "b", "c"}) enqueue(Work{key + std::to_string(i)}, {.serial_key = key});
    worker->start();
    EXPECT_TRUE(within(10s, [] { return count("done") == "30"; }));
    const std::lock_guard lock(mutex);
    for (const char* key : {"a", "b", "c"}) EXPECT_EQ(order[key], "0123456789") << key;
}

}  // namespace
}  // namespace tamiti::test
