#include "core/jobs/bell.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/kinds.hpp"
#include "core/jobs/undecodable.hpp"

namespace tamiti::job_parts {
namespace {

constexpr int most_tries = 20;

// A job with a serial key waits where an unfinished one has it; claims look again, as two that are made at
// the same time don't see each other.
Sql insert_job(const Uuid& id, std::string_view kind, const std::string& arguments, const JobRules& rules,
               const JobOptions& options) {
    return {R"(
        INSERT INTO core_job (id, kind, arguments, version, queue, priority, max_attempts, run_at, unique_key,
            serial_key, state)
        VALUES ({}, {}, {}, {}, {}, {}, {}, coalesce({}::timestamptz, now()), {}, {},
            CASE WHEN EXISTS (SELECT FROM core_job WHERE serial_key = {}
                AND state IN ('waiting', 'blocked', 'running')) THEN 'blocked' ELSE 'waiting' END)
        ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'blocked', 'running')
        DO NOTHING RETURNING run_at <= now() AS is_due)",
            id,
            kind,
            arguments,
            rules.version,
            rules.queue,
            options.priority.value_or(rules.priority),
            rules.max_attempts,
            options.run_at,
            options.unique_key,
            options.serial_key,
            options.serial_key};
}

const JobKind& declared(const Tx& tx, std::string_view kind) {
    const JobKind* found = tx.site().jobs->named(kind);
    if (found == nullptr) throw std::logic_error("no installed app declares the job " + std::string(kind));
    return *found;
}

}  // namespace

Uuid insert(Tx& tx, std::string_view kind, const std::string& arguments, const JobOptions& options) {
    const JobRules& rules = declared(tx, kind).rules;
    for (int i = 0; i < most_tries; ++i) {
        const Uuid id = Uuid::make();
        if (const auto is_due =
                tx.value<std::optional<bool>>(insert_job(id, kind, arguments, rules, options))) {
            if (*is_due) jobs::ring_after_commit(tx);
            return id;
        }
        // The one that has the key may end between the two statements; then ours can be made after all.
        const auto unfinished =
            tx.value<std::optional<Uuid>>({R"(SELECT id FROM core_job WHERE kind = {} AND unique_key = {}
                                              AND state IN ('waiting', 'blocked', 'running'))",
                                           kind, options.unique_key});
        if (unfinished) return *unfinished;
    }
    throw Unavailable("database.busy", "Too much happens to this at once. Try again in a moment.");
}

void read_arguments(const JobRun& run, const Shape& shape, void* job) {
    jobs::read_stored(shape, run.arguments, "Its arguments", job);
}

}  // namespace tamiti::job_parts
