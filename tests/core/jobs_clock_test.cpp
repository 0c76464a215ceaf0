#include "core/jobs/beat.hpp"
#include "core/jobs/store.hpp"

#include <gmock/gmock.h>

#include "core/base/log.hpp"
#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;

/// What was written while the database's clock stood ahead, and has been set right since.
class JobsAfterAClockThatWasAhead : public Jobs {
public:
    void SetUp() override {
        Jobs::SetUp();
        sql("DELETE FROM core_schedule");
        sql("DELETE FROM core_schedule_tick");
        App scheduled = app();
        scheduled.schedules = {every(std::chrono::seconds(60), Work{"tick"}, CatchUp::once)};
        own = std::make_unique<Registry>(std::vector<App>{scheduled});
        own->install(*site);
    }
    void TearDown() override { registry->install(*site); }

    /// What the log says meanwhile.
    static std::string said(const std::function<void()>& what) {
        testing::internal::CaptureStdout();
        log::start("info");
        what();
        log::flush();
        return testing::internal::GetCapturedStdout();
    }

    static int mend() { return jobs::mend_times(*site->pool->acquire()); }

    std::unique_ptr<Registry> own;
};

TEST_F(JobsAfterAClockThatWasAhead, ScheduleGoesOnAndMakesEachOfItsTicks) {
    jobs::Beat beat(*site);
    EXPECT_EQ(beat.tick(), 0);
    sql("UPDATE core_schedule SET last_tick = now() + interval '2 years'");
    sql("INSERT INTO core_schedule_tick (schedule, nominal, job, worker)"
        " SELECT 'test.work', date_trunc('minute', now()) + make_interval(mins => n), gen_random_uuid(), "
        "'ahead'"
        " FROM generate_series(-1, 5) AS n");
    const std::string told = said([&] { EXPECT_EQ(beat.tick(), 0); });
    EXPECT_THAT(told, HasSubstr(R"("event":"schedule_ahead","schedule":"test.work")"));
    EXPECT_EQ(sql("SELECT last_tick BETWEEN now() - interval '10 s' AND now() FROM core_schedule"), "t");
    EXPECT_EQ(sql("SELECT count(*) FROM core_schedule_tick WHERE nominal > now()"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM core_schedule_tick"), "2")
        << "what was made in its time stays written down";
    // The next tick.
    sql("DELETE FROM core_schedule_tick");
    sql("UPDATE core_schedule SET last_tick = date_trunc('minute', now()) - interval '1 minute'");
    EXPECT_EQ(beat.tick(), 1);
}

TEST_F(JobsAfterAClockThatWasAhead, ScheduleThatIsAheadByLessThanClocksDifferIsLeftAlone) {
    jobs::Beat beat(*site);
    beat.tick();
    sql("UPDATE core_schedule SET last_tick = now() + interval '30 s'");
    EXPECT_EQ(beat.tick(), 0);
    EXPECT_EQ(sql("SELECT last_tick > now() FROM core_schedule"), "t");
}

TEST_F(JobsAfterAClockThatWasAhead, JobsOfAWorkerThatIsGoneAreRescued) {
    const Uuid gone = Uuid::make(), alive = Uuid::make();
    jobs::enrol(*site->pool->acquire(), gone, "gone");
    jobs::enrol(*site->pool->acquire(), alive, "alive");
    const Uuid id = enqueue(Work{"x"});
    sql("UPDATE core_job SET state = 'running', attempt = 1, worker = $1, lease_token = 1", gone);
    sql("UPDATE core_worker SET lease_until = now() + interval '1 year'");
    EXPECT_TRUE(jobs::rescue(*site->pool->acquire()).empty());
    EXPECT_THAT(said([] { EXPECT_EQ(mend(), 2); }),
                HasSubstr(R"("event":"jobs.times_ahead","leases":2,"jobs":0)"));
    EXPECT_EQ(sql("SELECT count(*) FROM core_worker WHERE lease_until > now() + interval '5 s'"), "0");
    EXPECT_TRUE(jobs::renew(*site->pool->acquire(), alive)) << "who lives goes on";
    EXPECT_TRUE(jobs::rescue(*site->pool->acquire()).empty())
        << "nobody loses a job before the lease is over";
    sql("UPDATE core_worker SET lease_until = lease_until - interval '4 s' WHERE id = $1", gone);
    EXPECT_EQ(jobs::rescue(*site->pool->acquire()).size(), 1U);
    EXPECT_EQ(state(id), "waiting");
    EXPECT_EQ(mend(), 0);
}

TEST_F(JobsAfterAClockThatWasAhead, JobsWaitAsLongAsTheyWereMeantTo) {
    const Uuid made = enqueue(Work{"made"}), tried = enqueue(Work{"tried"}),
               planned = enqueue(Work{"planned"}), blocked = enqueue(Work{"blocked"}, {.serial_key = "s"});
    sql("UPDATE core_job SET created_at = now() + interval '1 year', run_at = now() + interval '1 year 10 "
        "minutes'"
        " WHERE id IN ($1, $2)",
        made, blocked);
    sql("UPDATE core_job SET state = 'blocked' WHERE id = $1", blocked);
    sql("UPDATE core_job SET started_at = now() + interval '1 year', run_at = now() + interval '1 year 20 s'"
        " WHERE id = $1",
        tried);
    sql("UPDATE core_job SET run_at = now() + interval '1 year' WHERE id = $1", planned);
    EXPECT_EQ(mend(), 3);
    const auto waits = [](const Uuid& id) {
        return sql("SELECT round(extract(epoch FROM run_at - now()) / 10) * 10 FROM core_job WHERE id = $1",
                   id);
    };
    EXPECT_EQ(waits(made), "600");
    EXPECT_EQ(waits(blocked), "600");
    EXPECT_EQ(waits(tried), "20");
    EXPECT_EQ(sql("SELECT run_at > now() + interval '364 days' FROM core_job WHERE id = $1", planned), "t")
        << "what somebody planned for later stays planned";
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE greatest(created_at, started_at) > clock_timestamp()"),
              "0");
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE started_at IS NOT NULL"), "1");
    EXPECT_EQ(mend(), 0);
}

}  // namespace
}  // namespace tamiti::test
