#include "core/jobs/housekeeping.hpp"

#include "core/jobs/metrics.hpp"
#include "core/telemetry/metrics.hpp"
#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

class JobsHousekeeping : public Jobs {
public:
    static Uuid finished(const std::string& state, const std::string& ago) {
        const Uuid id = enqueue(Work{"x"});
        sql("UPDATE core_job SET state = $2, finished_at = now() - $3::interval WHERE id = $1", id, state,
            ago);
        return id;
    }
    static bool is_there(const Uuid& id) { return !state(id).empty(); }
};

TEST_F(JobsHousekeeping, RemovesFinishedJobsAfterADayAndDeadLettersAfterAMonth) {
    const Uuid fresh = finished("done", "23 hours");
    const Uuid old = finished("done", "25 hours");
    const Uuid cancelled = finished("cancelled", "25 hours");
    const Uuid dead = finished("dead", "29 days");
    const Uuid long_dead = finished("dead", "31 days");
    const Uuid waiting = enqueue(Work{"x"}, {.run_at = Clock().now() + std::chrono::hours(1)});
    enqueue(jobs::RemoveOld{});
    EXPECT_EQ(run(), 1);
    for (const Uuid& id : {fresh, dead, waiting}) EXPECT_TRUE(is_there(id));
    for (const Uuid& id : {old, cancelled, long_dead}) EXPECT_FALSE(is_there(id));
}

TEST_F(JobsHousekeeping, RemovesEventsAfterAMonthAndTicksAfterAWeek) {
    sql("DELETE FROM core_schedule_tick");
    sql("INSERT INTO core_event SELECT gen_random_uuid(), 'e', gen_random_uuid(), '{}', '{}',"
        " now() - make_interval(days => days) FROM unnest('{29,31}'::int[]) AS days");
    sql("INSERT INTO core_schedule_tick SELECT 's', now() - make_interval(days => days), gen_random_uuid(), "
        "'w',"
        " now() - make_interval(days => days) FROM unnest('{6,8}'::int[]) AS days");
    enqueue(jobs::RemoveOld{});
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(sql("SELECT count(*) FROM core_event"), "1");
    EXPECT_EQ(sql("SELECT count(*) FROM core_schedule_tick"), "1");
}

TEST_F(JobsHousekeeping, NumbersAboutJobsAreMetricsOfEveryProcess) {
    enqueue(Letter{1}, {.run_at = Clock().now() - std::chrono::minutes(2)});
    enqueue(Work{"a"}, {.serial_key = "s"});
    enqueue(Work{"b"}, {.serial_key = "s"});
    finished("dead", "1 hour");
    sql("INSERT INTO core_job_total VALUES ('test.work', 'failed', 7) ON CONFLICT DO NOTHING");
    jobs::measure(*site->pool);
    const std::string text = telemetry::render();
    for (const char* line :
         {R"(tamiti_jobs{queue="mail",state="waiting"} 1)",
          R"(tamiti_jobs{queue="default",state="blocked"} 1)",
          R"(tamiti_jobs{queue="default",state="dead"} 1)", R"(tamiti_job_oldest_seconds{queue="mail"} 12)",
          R"(tamiti_jobs_total{kind="test.work",outcome="failed"} 7)", "tamiti_job_workers 0"})
        EXPECT_NE(text.find(line), std::string::npos) << line;
}

}  // namespace
}  // namespace tamiti::test
