#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

class JobsRun : public Jobs {
public:
    static jobs::Claimed claim_one(const Uuid& worker) {
        const jobs::Known known(registry->jobs());
        jobs::Order order{.worker = worker, .most = 1, .queues = known.queues};
        order.free.assign(known.queues.size(), "1");
        return jobs::exchange(*site->pool->acquire(), {}, &order, known).at(0);
    }
};

TEST_F(JobsRun, InTheOrderOfPriorityThenTimeThenMaking) {
    std::string order;
    on_work = [&](Tx&, const Work& job) {
        order += job.text;
        return done();
    };
    const auto soon = Clock().now() - std::chrono::minutes(1);
    transact(*site, Actor::system(), [&](Tx& tx) {
        tx.enqueue(Work{"c"});
        tx.enqueue(Work{"d"});
        tx.enqueue(Work{"b"}, {.run_at = soon});
        tx.enqueue(Work{"a"}, {.priority = 1});
    });
    EXPECT_EQ(run(), 4);
    EXPECT_EQ(order, "abcd");
}

TEST_F(JobsRun, TheirEffectsAndTheirCompletionAreOneTransaction) {
    const Uuid id = enqueue(Work{"x"});
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(effects(), "x");
    EXPECT_EQ(state(id), "done");
    EXPECT_EQ(sql("SELECT (finished_at IS NOT NULL AND worker IS NULL)::text FROM core_job"), "true");
    EXPECT_EQ(run(), 0) << "once is enough";
}

TEST_F(JobsRun, ATryThatFailsLeavesNothingAndIsMadeAgainWithItsReason) {
    int tries = 0;
    on_work = [&](Tx& tx, const Work&) -> JobResult {
        tx.execute({"INSERT INTO effect VALUES ('work', 'try ' || {}::text)", ++tries});
        if (tries == 1) throw std::runtime_error("the printer is \xff out of paper");
        if (tries == 2) return retry("still no paper", std::chrono::seconds(30));
        return done();
    };
    const Uuid id = enqueue(Work{});
    run();
    EXPECT_EQ(state(id), "waiting");
    EXPECT_EQ(error(id), "the printer is ? out of paper");
    EXPECT_EQ(effects(), "");
    EXPECT_EQ(sql("SELECT (run_at > now() + interval '2 s' AND run_at < now() + interval '7 s')::text"
                  " FROM core_job"),
              "true");
    make_due();
    run();
    EXPECT_EQ(error(id), "still no paper");
    EXPECT_EQ(effects(), "");
    EXPECT_EQ(sql("SELECT (run_at > now() + interval '25 s')::text FROM core_job"), "true");
    make_due();
    run();
    EXPECT_EQ(state(id), "done");
    EXPECT_EQ(effects(), "try 3");
    EXPECT_EQ(sql("SELECT attempt FROM core_job"), "3");
}

TEST_F(JobsRun, AfterTheLastAttemptTheJobIsADeadLetter) {
    on_work = [](Tx&, const Work&) -> JobResult { throw std::runtime_error("broken for good"); };
    const Uuid id = enqueue(Work{});
    for (int i = 0; i < 5; ++i) {
        run();
        make_due();
    }
    EXPECT_EQ(state(id), "dead");
    EXPECT_EQ(error(id), "broken for good");
    EXPECT_EQ(sql("SELECT attempt FROM core_job"), "3");
}

TEST_F(JobsRun, ASnoozeCountsNoAttemptAndACancelIsNoFailure) {
    int tries = 0;
    on_work = [&](Tx&, const Work&) {
        return ++tries < 6 ? snooze(std::chrono::seconds(9)) : cancel("no need");
    };
    const Uuid id = enqueue(Work{});
    for (int i = 0; i < 6; ++i) {
        run();
        make_due();
    }
    EXPECT_EQ(tries, 6) << "three attempts are allowed, but snoozes are none";
    EXPECT_EQ(state(id), "cancelled");
    EXPECT_EQ(error(id), "no need");
}

TEST_F(JobsRun, ASnoozeKeepsWhatTheWorkDid) {
    on_work = [](Tx& tx, const Work&) {
        tx.execute(Sql("INSERT INTO effect VALUES ('work', 'half')"));
        return snooze(std::chrono::seconds(60));
    };
    const Uuid id = enqueue(Work{});
    run();
    EXPECT_EQ(effects(), "half");
    EXPECT_EQ(state(id), "waiting");
    EXPECT_EQ(sql("SELECT attempt FROM core_job"), "0");
}

TEST_F(JobsRun, ArgumentsThatCantBeReadAreADeadLetterAtOnceThatNamesThem) {
    const Uuid id = enqueue(Work{"x"});
    sql("UPDATE core_job SET arguments = '{\"txet\": 3}'");
    run();
    EXPECT_EQ(state(id), "dead");
    EXPECT_NE(error(id).find("txet"), std::string::npos) << error(id);
    EXPECT_EQ(effects(), "");
}

TEST_F(JobsRun, ArgumentsOfAnotherVersionAreADeadLetterThatSaysSo) {
    const Uuid id = enqueue(Call{"x"});
    sql("UPDATE core_job SET version = 1");
    run();
    EXPECT_EQ(state(id), "dead");
    EXPECT_EQ(error(id), "It was made for version 1 of its arguments; this program reads version 2.");
}

TEST_F(JobsRun, AKindThatThisProgramLacksIsLeftToOthersForADay) {
    const Uuid id = enqueue(Work{"x"});
    sql("UPDATE core_job SET kind = 'future.kind'");
    EXPECT_EQ(run(), 0);
    const jobs::Known known(registry->jobs());
    EXPECT_EQ(jobs::tidy(*site->pool->acquire(), known), 0);
    EXPECT_EQ(state(id), "waiting");
    sql("UPDATE core_job SET run_at = now() - interval '23 hours'");
    EXPECT_EQ(jobs::tidy(*site->pool->acquire(), known), 0);
    EXPECT_EQ(state(id), "waiting");
    sql("UPDATE core_job SET run_at = now() - interval '25 hours'");
    EXPECT_EQ(jobs::tidy(*site->pool->acquire(), known), 1);
    EXPECT_EQ(state(id), "dead");
    EXPECT_EQ(error(id), "No running program knows the kind future.kind.");
}

TEST_F(JobsRun, AJobOutsideATransactionMayUseFencedOnes) {
    on_call = [](JobRun& run, const Call& job) {
        EXPECT_FALSE(run.should_stop());
        EXPECT_EQ(run.attempt, 1);
        run.transact([&](Tx& tx) { tx.execute({"INSERT INTO effect VALUES ('call', {})", job.text + "1"}); });
        return run.complete_with([&](Tx& tx) {
            tx.execute({"INSERT INTO effect VALUES ('call', {})", job.text + "2"});
            return done();
        });
    };
    const Uuid id = enqueue(Call{"x"});
    run();
    EXPECT_EQ(effects(), "x1 x2");
    EXPECT_EQ(state(id), "done");
}

TEST_F(JobsRun, WhoLostItsLeaseLeavesNoEffectAndCompletesNothing) {
    for (const bool outside : {false, true}) {
        SCOPED_TRACE(outside);
        SetUp();
        const auto lose = [] {
            sql("UPDATE core_worker SET lease_until = now() - interval '1 s'");
            EXPECT_EQ(jobs::rescue(*site->pool->acquire()).size(), 1U);
            const auto other = claim_one(Uuid::make());
            EXPECT_EQ(other.attempt, 1) << "a rescue counts no attempt";
            EXPECT_EQ(other.rescues, 1);
        };
        on_work = [&](Tx& tx, const Work&) {
            tx.execute(Sql("INSERT INTO effect VALUES ('work', 'stale')"));
            lose();
            return done();
        };
        on_call = [&](JobRun& run, const Call&) {
            lose();
            run.transact([](Tx& tx) { tx.execute(Sql("INSERT INTO effect VALUES ('call', 'stale')")); });
            return done();
        };
        const Uuid id = outside ? enqueue(Call{}) : enqueue(Work{});
        run();
        EXPECT_EQ(effects(), "");
        EXPECT_EQ(state(id), "running") << "the other's attempt goes on";
    }
}

TEST_F(JobsRun, AnOutcomeOfAnotherLeaseChangesNothing) {
    const Uuid id = enqueue(Work{});
    jobs::Claimed job = claim_one(Uuid::make());
    ASSERT_EQ(job.id, id);
    job.token += 1;
    const jobs::Known known(registry->jobs());
    jobs::Outcome finished = jobs::given_back(job);
    jobs::exchange(*site->pool->acquire(), {jobs::dead(job, "stale"), finished}, nullptr, known);
    finished.next = jobs::Outcome::Next::done;
    jobs::exchange(*site->pool->acquire(), {finished}, nullptr, known);
    EXPECT_EQ(state(id), "running");
}

TEST_F(JobsRun, OfAWorkerThatIsAliveAreNotRescued) {
    enqueue(Work{});
    const Uuid worker = Uuid::make();
    jobs::enrol(*site->pool->acquire(), worker, "test");
    claim_one(worker);
    EXPECT_TRUE(jobs::rescue(*site->pool->acquire()).empty());
    EXPECT_TRUE(jobs::renew(*site->pool->acquire(), worker));
    sql("UPDATE core_worker SET lease_until = now() - interval '1 ms'");
    EXPECT_FALSE(jobs::renew(*site->pool->acquire(), worker)) << "a lease that ran out is not taken up again";
    EXPECT_EQ(jobs::rescue(*site->pool->acquire()).size(), 1U);
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(sql("SELECT attempt || ' ' || rescues FROM core_job"), "1 1");
}

}  // namespace
}  // namespace tamiti::test
