#include "core/engine/operations.hpp"

#include "core/api/route.hpp"
#include "core/engine/operations_jobs.hpp"
#include "core/engine/operations_mails.hpp"
#include "core/jobs/kinds.hpp"
#include "core/jobs/ticks.hpp"
#include "core/model/input.hpp"

namespace tamiti::operations {
namespace {

constexpr const char* manage = "operations.manage";

/// How many jobs of a queue are in a state.
struct JobCount {
    std::string queue{};
    std::string state{};
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(JobCount, (), (queue, state, count))

/// A process that runs jobs.
struct Worker {
    std::string place{};
    Timestamp started_at{};
    bool answers = false;
    std::int64_t running = 0;
};
BOOST_DESCRIBE_STRUCT(Worker, (), (place, started_at, answers, running))

/// Up to which time a schedule has been run, and when it is due next; never where no app has it any more.
struct ScheduleRun {
    std::string name{};
    Timestamp last_tick{};
    std::optional<Timestamp> next_tick{};
};
BOOST_DESCRIBE_STRUCT(ScheduleRun, (), (name, last_tick, next_tick))

struct MailCount {
    std::string state{};
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(MailCount, (), (state, count))

struct OperationsNow {
    std::string program{};
    bool catches_mails = false;
    std::vector<JobCount> jobs{};
    std::vector<Worker> workers{};
    std::vector<ScheduleRun> schedules{};
    std::vector<MailCount> mails{};
};

const Shape& shape_of(tag<OperationsNow>) {
    static const Shape shape = answer<OperationsNow>(
        {field<&OperationsNow::program>("program", {.help = "Its version."}),
         field<&OperationsNow::catches_mails>(
             "catches_mails", {.help = "Whether mails are kept here to be looked at and not sent."}),
         field<&OperationsNow::jobs>("jobs", {.help = "Those that aren't over, and dead letters."}),
         field<&OperationsNow::workers>("workers"), field<&OperationsNow::schedules>("schedules"),
         field<&OperationsNow::mails>("mails", {.help = "Of the last seven days."})});
    return shape;
}

std::vector<ScheduleRun> schedule_runs(ReadTx& tx) {
    // As long as the longest day and more, so that one time of day lies in it.
    constexpr std::chrono::hours two_days(49);
    std::vector<ScheduleRun> runs = tx.all<ScheduleRun>(
        {"SELECT name, last_tick, NULL::timestamptz AS next_tick FROM core_schedule ORDER BY name"});
    for (ScheduleRun& run : runs) {
        for (const Schedule* schedule : tx.site().jobs->schedules()) {
            if (schedule->name != run.name) continue;
            const auto until =
                run.last_tick + (schedule->time_of_day.empty() ? schedule->interval : two_days);
            const auto due = jobs::ticks(*schedule, run.last_tick, until, tx.site().time_zone);
            if (!due.empty()) run.next_tick = due.front();
        }
    }
    return runs;
}

OperationsNow overview(ReadTx& tx, const Actor&) {
    OperationsNow now;
    now.program = TAMITI_VERSION;
    now.catches_mails = tx.settings().is_development() && tx.settings().mail_url.empty();
    // Each state by its own index: there may be a million jobs that are done.
    now.jobs = tx.all<JobCount>({R"(
        SELECT queue, state, count(*) AS count FROM (
            SELECT queue, state FROM core_job WHERE state = 'waiting'
            UNION ALL SELECT queue, state FROM core_job WHERE state = 'blocked'
            UNION ALL SELECT queue, state FROM core_job WHERE state = 'running'
            UNION ALL SELECT queue, state FROM core_job WHERE state = 'dead') AS job
        GROUP BY queue, state ORDER BY queue, state)"});
    now.workers = tx.all<Worker>({R"(
        SELECT place, started_at, lease_until > clock_timestamp() AS answers,
               (SELECT count(*) FROM core_job WHERE state = 'running' AND worker = w.id) AS running
        FROM core_worker AS w ORDER BY place, started_at)"});
    now.schedules = schedule_runs(tx);
    now.mails = tx.all<MailCount>({R"(SELECT state, count(*) AS count FROM core_mail
                                      WHERE created_at > now() - interval '7 days'
                                      GROUP BY state ORDER BY state)"});
    return now;
}

}  // namespace

std::vector<Route> routes() {
    return {
        get("/operations", overview, "How background work and mails go.", needs(manage)),
        get("/operations/jobs", list_jobs, "Background work, the newest first.", needs(manage)),
        get("/operations/jobs/{id}", show_job, "All that is known of a job.", needs(manage)),
        post("/operations/jobs/{id}/retry", retry_job, "Run a dead, cancelled or waiting job now.",
             needs(manage), {.problems = {"core.job_state", "core.job_done_by_another"}}),
        post("/operations/jobs/{id}/cancel", cancel_job, "Cancel a job; one that runs is asked to stop.",
             needs(manage), {.problems = {"core.job_state"}}),
        get("/operations/mails", list_mails, "Mails, the newest first.", needs(manage)),
        get("/operations/mails/{id}", show_mail, "One mail, and in development what it says.", needs(manage),
            {.no_store = true}),
    };
}

std::vector<ProblemKind> problems() {
    return job_problems();
}

}  // namespace tamiti::operations
