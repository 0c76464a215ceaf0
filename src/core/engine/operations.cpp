#include "core/engine/operations.hpp"

#include "core/api/route.hpp"
#include "core/engine/operations_jobs.hpp"
#include "core/engine/operations_mails.hpp"
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

/// Up to which time a schedule has been run.
struct ScheduleRun {
    std::string name{};
    Timestamp last_tick{};
};
BOOST_DESCRIBE_STRUCT(ScheduleRun, (), (name, last_tick))

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
    now.schedules = tx.all<ScheduleRun>({"SELECT name, last_tick FROM core_schedule ORDER BY name"});
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
