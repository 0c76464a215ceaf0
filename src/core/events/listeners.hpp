#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/listener.hpp"

namespace tamiti {

/// Who listens to which event, over all installed apps. It keeps addresses, so what is added must outlive it.
class Listeners {
public:
    /// Throws std::logic_error where another listener of the event has the name.
    void add(const Listener& listener);

    /// The listeners of an event, in the order of the apps.
    const std::vector<const Listener*>& of(std::string_view event) const;
    const Listener* named(std::string_view name) const;  ///< nullptr where no app has it

private:
    std::map<std::string, std::vector<const Listener*>, std::less<>> by_event_{};
};

}  // namespace tamiti
