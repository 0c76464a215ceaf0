#include "core/jobs/metrics.hpp"

#include <chrono>
#include <mutex>

#include "core/base/problem.hpp"
#include "core/db/error.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti::jobs {
namespace {

using telemetry::Sample;

// Finished jobs are counted by the totals; dead letters also as long as they are kept, for somebody to look
// at.
constexpr std::string_view depth = R"(
    SELECT queue, 'waiting', count(*), extract(epoch FROM clock_timestamp()
        - min(run_at) FILTER (WHERE run_at <= clock_timestamp())) FROM core_job WHERE state = 'waiting' GROUP BY queue
    UNION ALL
    SELECT queue, 'blocked', count(*), NULL FROM core_job WHERE state = 'blocked' GROUP BY queue
    UNION ALL
    SELECT queue, 'running', count(*), NULL FROM core_job WHERE state = 'running' GROUP BY queue
    UNION ALL
    SELECT queue, 'dead', count(*), NULL FROM core_job WHERE state = 'dead' GROUP BY queue
    ORDER BY 1, 2)";

void read_numbers(db::Connection& connection) {
    std::vector<Sample> jobs, ages, totals;
    for (const auto row : connection.run(depth)) {
        const std::string queue(row.text(0));
        jobs.push_back(
            {{{"queue", queue}, {"state", std::string(row.text(1))}}, static_cast<double>(row.integer(2))});
        if (!row.is_null(3)) ages.push_back({{{"queue", queue}}, std::stod(std::string(row.text(3)))});
    }
    for (const auto row : connection.run("SELECT kind, outcome, count FROM core_job_total ORDER BY 1, 2"))
        totals.push_back({{{"kind", std::string(row.text(0))}, {"outcome", std::string(row.text(1))}},
                          static_cast<double>(row.integer(2))});
    const auto workers =
        connection.run("SELECT count(*) FROM core_worker WHERE lease_until > clock_timestamp()");
    telemetry::set_family("tamiti_jobs", "Jobs that are not finished, and dead letters.", false, jobs);
    telemetry::set_family("tamiti_job_oldest_seconds", "How long the oldest due job waits.", false, ages);
    telemetry::set_family("tamiti_jobs_total", "Attempts at jobs by their outcome.", true, totals);
    telemetry::set_family("tamiti_job_workers", "Workers with a lease.", false,
                          {{{}, static_cast<double>(workers[0].integer(0))}});
}

}  // namespace

void measure(db::Pool& pool) {
    using Steady = std::chrono::steady_clock;
    static std::mutex mutex;
    static Steady::time_point next;
    const std::lock_guard lock(mutex);
    if (Steady::now() < next) return;
    next = Steady::now() + std::chrono::seconds(5);
    try {
        read_numbers(*pool.acquire());
    } catch (const db::Error&) {
        // The outage shows in the pool's log and in /health/ready.
    } catch (const Problem&) {
        // The same.
    }
}

}  // namespace tamiti::jobs
