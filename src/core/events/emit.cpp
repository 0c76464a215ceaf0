#include <stdexcept>

#include "core/events/event.hpp"
#include "core/events/listeners.hpp"
#include "core/events/listening.hpp"
#include "core/jobs/bell.hpp"
#include "core/jobs/kinds.hpp"
#include "core/jobs/undecodable.hpp"

namespace tamiti::event_parts {
namespace {

// The event and a job for each listener, in one statement. What caused it is read off the transaction.
constexpr std::string_view append_event = R"(
    WITH event AS (
        INSERT INTO core_event (id, name, aggregate, payload, cause)
        VALUES ($1, $2, $3, $4, jsonb_strip_nulls(jsonb_build_object(
            'actor', nullif(current_setting('tamiti.actor', true), ''),
            'request', nullif(current_setting('tamiti.request', true), ''),
            'via', nullif(current_setting('tamiti.via', true), ''))))
        RETURNING id, aggregate
    )
    INSERT INTO core_job (id, kind, arguments, version, queue, priority, max_attempts, serial_key, state)
    SELECT told.job, $7, jsonb_build_object('listener', told.listener, 'event', event.id), $8, $9, $10, $11,
        told.listener || ':' || event.aggregate,
        CASE WHEN EXISTS (SELECT FROM core_job AS earlier
            WHERE earlier.serial_key = told.listener || ':' || event.aggregate
                AND earlier.state IN ('waiting', 'blocked', 'running')) THEN 'blocked' ELSE 'waiting' END
    FROM event CROSS JOIN unnest($5::uuid[], $6::text[]) AS told (job, listener))";

}  // namespace

void emit(Tx& tx, std::string_view name, const Uuid& aggregate, const std::string& json) {
    const auto& listeners = tx.site().listeners->of(name);
    const JobKind* listening = tx.site().jobs->named(Listen::job_name);
    if (listening == nullptr) throw std::logic_error("events are told by the engine, which isn't installed");
    const JobRules& rules = listening->rules;
    std::vector<std::string> jobs, names;
    for (const Listener* listener : listeners) {
        jobs.push_back(Uuid::make().text());
        names.push_back(listener->name);
    }
    tx.send(append_event, Uuid::make(), name, aggregate, json, jobs, names, Listen::job_name, rules.version,
            rules.queue, rules.priority, rules.max_attempts);
    if (!listeners.empty()) jobs::ring_after_commit(tx);
}

void read(const Shape& shape, const std::string& json, void* event) {
    jobs::read_stored(shape, json, "The event", event);
}

}  // namespace tamiti::event_parts
