#include "core/jobs/housekeeping.hpp"

namespace tamiti::jobs {
namespace {

// Each removes some, so that no transaction is long.
constexpr std::string_view removals[] = {
    "DELETE FROM core_job WHERE id IN (SELECT id FROM core_job WHERE finished_at < now() - interval '1 day'"
    " AND state IN ('done', 'cancelled') ORDER BY finished_at LIMIT 5000 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM core_job WHERE id IN (SELECT id FROM core_job WHERE finished_at < now() - interval '30 days'"
    " ORDER BY finished_at LIMIT 5000 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM core_event WHERE id IN (SELECT id FROM core_event"
    " WHERE created_at < now() - interval '30 days' ORDER BY created_at LIMIT 5000 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM core_schedule_tick WHERE (schedule, nominal) IN (SELECT schedule, nominal"
    " FROM core_schedule_tick WHERE made_at < now() - interval '7 days' ORDER BY made_at LIMIT 5000)",
};

}  // namespace

JobResult remove_old(JobRun& run, const RemoveOld&) {
    for (const auto statement : removals) {
        int removed = 1;
        while (removed > 0 && !run.should_stop())
            run.transact([&](Tx& tx) { removed = tx.execute(Sql::verbatim(std::string(statement))); });
    }
    return run.should_stop() ? snooze(std::chrono::seconds(60)) : done();
}

}  // namespace tamiti::jobs
