#include "core/events/listeners.hpp"

#include <stdexcept>

namespace tamiti {

void Listeners::add(const Listener& listener) {
    if (named(listener.name)) throw std::logic_error("two listeners are named " + listener.name);
    (listener.run_within ? within_ : after_)[listener.event].push_back(&listener);
}

const std::vector<const Listener*>& Listeners::in(const ByEvent& listeners, std::string_view event) {
    static const std::vector<const Listener*> none;
    const auto found = listeners.find(event);
    return found == listeners.end() ? none : found->second;
}

const Listener* Listeners::named(std::string_view name) const {
    for (const ByEvent* listeners : {&after_, &within_})
        for (const auto& [event, all] : *listeners)
            for (const Listener* listener : all)
                if (listener->name == name) return listener;
    return nullptr;
}

}  // namespace tamiti
