#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <string>
#include <string_view>

#include "core/events/listener.hpp"
#include "core/jobs/job.hpp"

/// Telling other apps what happened. An event is a described struct with a name whose first member is the id
/// of the row that it is about:
///
///     struct ProjectArchived {
///         static constexpr std::string_view event_name = "projects.archived";
///         Id<Project> project{};
///         Id<users::User> by{};
///     };
///
/// `tx.emit(ProjectArchived{id, {who.id}})` writes it in the transaction of the change. Each listener runs
/// after the commit in a transaction of its own, again until it succeeds; events of one row reach a listener
/// in their order, and the effects of one event on the database happen once.
namespace tamiti {

namespace event_parts {
void emit(Tx& tx, std::string_view name, const Uuid& aggregate, const std::string& json);
/// Runs those who listen within the transaction.
void tell_within(Tx& tx, std::string_view name, const void* event);
/// Reads what `emit` wrote; a fault throws a Problem that names it.
void read(const Shape& shape, const std::string& json, void* event);

template <class T>
Uuid aggregate_of(const T& event) {
    using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
    return (event.*boost::mp11::mp_front<Members>::pointer).value;
}
}  // namespace event_parts

template <class T>
void Tx::emit(const T& event) {
    event_parts::emit(*this, T::event_name, event_parts::aggregate_of(event), job_parts::arguments_of(event));
    event_parts::tell_within(*this, T::event_name, &event);
}

/// Runs `listener` after each event of that type: after<ProjectArchived>("tasks.close_tasks_of",
/// close_tasks_of).
template <class T>
Listener after(std::string name, void (*listener)(Tx&, const T&)) {
    Listener made{
        .name = std::move(name), .event = std::string(T::event_name), .shape = job_parts::shape<T>()};
    made.run = [listener](Tx& tx, const std::string& json) {
        T event{};
        event_parts::read(job_parts::shape<T>(), json, &event);
        listener(tx, event);
    };
    return made;
}

/// Runs `listener` in the transaction that emits an event of that type, before emit() returns: for what must
/// hold together with the change. A Problem that it throws refuses the change.
template <class T>
Listener within(std::string name, void (*listener)(Tx&, const T&)) {
    Listener made{
        .name = std::move(name), .event = std::string(T::event_name), .shape = job_parts::shape<T>()};
    made.run_within = [listener](Tx& tx, const void* event) { listener(tx, *static_cast<const T*>(event)); };
    return made;
}

}  // namespace tamiti
