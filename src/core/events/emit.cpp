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
Sql append_event(std::string_view name, const Uuid& aggregate, const std::string& json,
                 const std::vector<std::string>& jobs, const std::vector<std::string>& listeners,
                 const JobRules& rules) {
    return {R"(
    WITH event AS (
        INSERT INTO core_event (id, name, aggregate, payload, cause)
        VALUES ({}, {}, {}, {}, jsonb_strip_nulls(jsonb_build_object(
            'actor', nullif(current_setting('tamiti.actor', true), ''),
            'request', nullif(current_setting('tamiti.request', true), ''),
            'via', nullif(current_setting('tamiti.via', true), ''))))
        RETURNING id, aggregate
    )
    INSERT INTO core_job (id, kind, arguments, version, queue, priority, max_attempts, serial_key, state)
    SELECT told.job, {}, jsonb_build_object('listener', told.listener, 'event', event.id), {}, {}, {}, {},
        told.listener || ':' || event.aggregate,
        CASE WHEN EXISTS (SELECT FROM core_job AS earlier
            WHERE earlier.serial_key = told.listener || ':' || event.aggregate
                AND earlier.state IN ('waiting', 'blocked', 'running')) THEN 'blocked' ELSE 'waiting' END
    FROM event CROSS JOIN unnest({}::uuid[], {}::text[]) AS told (job, listener))",
            Uuid::make(),
            name,
            aggregate,
            json,
            Listen::job_name,
            rules.version,
            rules.queue,
            rules.priority,
            rules.max_attempts,
            jobs,
            listeners};
}

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
    tx.send(append_event(name, aggregate, json, jobs, names, rules));
    if (!listeners.empty()) jobs::ring_after_commit(tx);
}

void tell_within(Tx& tx, std::string_view name, const void* event) {
    for (const Listener* listener : tx.site().listeners->within(name)) listener->run_within(tx, event);
}

void read(const Shape& shape, const std::string& json, void* event) {
    jobs::read_stored(shape, json, "The event", event);
}

}  // namespace tamiti::event_parts
