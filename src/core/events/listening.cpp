#include "core/events/listening.hpp"

#include "core/jobs/undecodable.hpp"
#include "core/program/app.hpp"

namespace tamiti {
namespace {

const Listener* listener_named(const Registry& registry, const std::string& name) {
    for (const App& app : registry.apps())
        for (const Listener& listener : app.listeners)
            if (listener.name == name) return &listener;
    return nullptr;
}

}  // namespace

JobResult listen(Tx& tx, const Listen& job) {
    const Listener* listener = listener_named(*tx.site().registry, job.listener);
    if (listener == nullptr) return retry("No installed app has the listener " + job.listener + ".");
    if (!Uuid::parse(job.event)) throw jobs::Undecodable("Its event is no id.");
    const auto rows = tx.rows("SELECT payload FROM core_event WHERE id = $1", job.event);
    if (rows.empty()) return cancel("The event " + job.event + " is not there any more.");
    listener->run(tx, std::string(rows[0].text(0)));
    return done();
}

}  // namespace tamiti
