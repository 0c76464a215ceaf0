#include "core/jobs/single.hpp"

#include <boost/describe/class.hpp>

#include "core/jobs/bell.hpp"

namespace tamiti::jobs {
namespace {

/// Lets the next job with that serial key run, where none is about to.
void unblock(Tx& tx, const std::optional<std::string>& serial_key) {
    if (serial_key)
        tx.execute({R"(SELECT core_job_unblock({}) WHERE NOT EXISTS (
                           SELECT FROM core_job WHERE serial_key = {} AND state IN ('waiting', 'running')))",
                    *serial_key, *serial_key});
    ring_after_commit(tx);
}

/// A job that was changed: its serial key, which it may not have.
struct Changed {
    std::optional<std::string> serial_key{};
};
BOOST_DESCRIBE_STRUCT(Changed, (), (serial_key))

}  // namespace

Retried retry_now(Tx& tx, const Uuid& job) {
    // What was made for it since has its unique key: then there is nothing to try again.
    const bool is_done_by_another = tx.exists({R"(SELECT FROM core_job AS job
        JOIN core_job AS other ON other.kind = job.kind AND other.unique_key = job.unique_key
        WHERE job.id = {} AND job.state IN ('dead', 'cancelled')
          AND other.state IN ('waiting', 'blocked', 'running'))",
                                               job});
    if (is_done_by_another) return Retried::done_by_another;
    const auto changed = tx.find_one<Changed>({R"(UPDATE core_job
        SET state = CASE WHEN serial_key IS NULL THEN 'waiting' ELSE 'blocked' END, run_at = now(),
            attempt = CASE WHEN state IN ('dead', 'cancelled') THEN 0 ELSE attempt END, rescues = 0,
            cancel_requested = false, finished_at = NULL
        WHERE id = {} AND (state IN ('dead', 'cancelled') OR state = 'waiting' AND run_at > now())
        RETURNING serial_key)",
                                               job});
    if (!changed) return Retried::nothing_to_do;
    unblock(tx, changed->serial_key);
    return Retried::again;
}

Cancelled cancel_now(Tx& tx, const Uuid& job) {
    const auto changed = tx.find_one<Changed>({R"(UPDATE core_job
        SET state = 'cancelled', finished_at = clock_timestamp()
        WHERE id = {} AND state IN ('waiting', 'blocked') RETURNING serial_key)",
                                               job});
    if (changed) {
        unblock(tx, changed->serial_key);
        return Cancelled::cancelled;
    }
    const int asked =
        tx.execute({"UPDATE core_job SET cancel_requested = true WHERE id = {} AND state = 'running'", job});
    return asked > 0 ? Cancelled::asked_to_stop : Cancelled::over;
}

}  // namespace tamiti::jobs
