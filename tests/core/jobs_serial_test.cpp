#include <thread>

#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

class SerialJobs : public Jobs {
public:
    static std::vector<jobs::Claimed> claim(int most) {
        const jobs::Known known(registry->jobs());
        jobs::Order order{.worker = Uuid::make(), .most = most, .queues = known.queues};
        order.free.assign(known.queues.size(), std::to_string(most));
        return jobs::exchange(*site->pool->acquire(), {}, &order, known);
    }
};

TEST_F(SerialJobs, RunOneAtATimeInTheOrderInWhichTheyWereMade) {
    std::string order;
    on_work = [&](Tx&, const Work& job) {
        order += job.text;
        return done();
    };
    enqueue(Work{"a"}, {.serial_key = "s"});
    enqueue(Work{"b"}, {.serial_key = "s", .priority = 9});
    enqueue(Work{"c"}, {.run_at = Clock().now() - std::chrono::hours(1), .serial_key = "s"});
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE state = 'blocked'"), "2");
    EXPECT_EQ(claim(10).size(), 1U);
    EXPECT_EQ(claim(10).size(), 0U) << "the first runs still";
    sql("DELETE FROM core_worker");
    jobs::rescue(*site->pool->acquire());
    EXPECT_EQ(run(), 3);
    EXPECT_EQ(order, "abc");
}

TEST_F(SerialJobs, OfOtherKeysDontWait) {
    enqueue(Work{"a"}, {.serial_key = "s"});
    enqueue(Work{"b"}, {.serial_key = "t"});
    enqueue(Work{"c"});
    EXPECT_EQ(claim(10).size(), 3U);
}

TEST_F(SerialJobs, WaitForTheRetriesOfTheOneBeforeAndNotForItsDeadLetter) {
    on_work = [](Tx&, const Work& job) { return job.text == "bad" ? retry("bad") : done(); };
    const Uuid bad = enqueue(Work{"bad"}, {.serial_key = "s"});
    const Uuid good = enqueue(Work{"good"}, {.serial_key = "s"});
    run();
    EXPECT_EQ(state(bad), "waiting");
    EXPECT_EQ(state(good), "blocked");
    make_due();
    run();
    make_due();
    run();
    EXPECT_EQ(state(bad), "dead");
    EXPECT_EQ(state(good), "done");
}

TEST_F(SerialJobs, ThatWereMadeAtTheSameTimeDontRunAtTheSameTime) {
    db::Transaction early(*site->pool, db::Transaction::Mode::write);
    Tx tx(*site, early);
    const Uuid first = tx.enqueue(Work{"first"}, {.serial_key = "s"});
    const Uuid second = enqueue(Work{"second"}, {.serial_key = "s"});
    const auto claimed = claim(10);
    ASSERT_EQ(claimed.size(), 1U);
    EXPECT_EQ(claimed[0].id, second);
    early.commit();
    EXPECT_EQ(state(first), "waiting") << "it couldn't see the other";
    EXPECT_TRUE(claim(10).empty());
}

TEST_F(SerialJobs, ThatNobodyLetRunAreFound) {
    db::Transaction late(*site->pool, db::Transaction::Mode::write);
    enqueue(Work{"first"}, {.serial_key = "s"});
    Tx tx(*site, late);
    const Uuid second = tx.enqueue(Work{"second"}, {.serial_key = "s"});
    EXPECT_EQ(run(), 1);
    late.commit();
    EXPECT_EQ(state(second), "blocked");
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(state(second), "done");
}

TEST_F(SerialJobs, AreNeverClaimedTwiceAtOnceByManyClaimers) {
    for (int i = 0; i < 60; ++i) enqueue(Work{"x"}, {.serial_key = "s" + std::to_string(i % 3)});
    sql("UPDATE core_job SET state = 'waiting'");
    std::atomic<int> running[3] = {0, 0, 0};
    std::atomic<int> most{0}, completed{0};
    std::vector<std::jthread> claimers;
    for (int i = 0; i < 4; ++i)
        claimers.emplace_back([&] {
            const jobs::Known known(registry->jobs());
            while (completed < 60) {
                std::vector<jobs::Claimed> claimed;
                try {
                    claimed = claim(5);
                } catch (const db::Error& error) {
                    EXPECT_EQ(error.sqlstate, "23505");
                }
                std::vector<jobs::Outcome> outcomes;
                for (const auto& job : claimed) {
                    auto& count = running[job.serial_key.back() - '0'];
                    most = std::max(most.load(), ++count);
                    outcomes.push_back(jobs::given_back(job));
                    outcomes.back().next = jobs::Outcome::Next::done;
                }
                std::this_thread::yield();
                for (const auto& job : claimed) --running[job.serial_key.back() - '0'];
                if (!outcomes.empty()) jobs::exchange(*site->pool->acquire(), outcomes, nullptr, known);
                completed += static_cast<int>(outcomes.size());
            }
        });
    claimers.clear();
    EXPECT_EQ(most, 1);
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE state = 'done'"), "60");
}

}  // namespace
}  // namespace tamiti::test
