#include "core/events/listeners.hpp"

#include <stdexcept>

namespace tamiti {

void Listeners::add(const Listener& listener) {
    std::vector<const Listener*>& all = by_event_[listener.event];
    for (const Listener* other : all)
        if (other->name == listener.name) throw std::logic_error("two listeners are named " + listener.name);
    all.push_back(&listener);
}

const std::vector<const Listener*>& Listeners::of(std::string_view event) const {
    static const std::vector<const Listener*> none;
    const auto found = by_event_.find(event);
    return found == by_event_.end() ? none : found->second;
}

const Listener* Listeners::named(std::string_view name) const {
    for (const auto& [event, all] : by_event_)
        for (const Listener* listener : all)
            if (listener->name == name) return listener;
    return nullptr;
}

}  // namespace tamiti
