#include "core/events/listening.hpp"

#include "core/events/listeners.hpp"
#include "core/jobs/undecodable.hpp"

namespace tamiti {
JobResult listen(Tx& tx, const Listen& job) {
    const Listener* listener = tx.site().listeners->named(job.listener);
    if (listener == nullptr) return retry("No installed app has the listener " + job.listener + ".");
    if (!Uuid::parse(job.event)) throw jobs::Undecodable("Its event is no id.");
    const auto payload =
        tx.value<std::optional<std::string>>({"SELECT payload FROM core_event WHERE id = {}", job.event});
    if (!payload) return cancel("The event " + job.event + " is not there any more.");
    listener->run(tx, *payload);
    return done();
}

}  // namespace tamiti
