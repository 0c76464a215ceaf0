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
    /// Throws std::logic_error where another listener has the name.
    void add(const Listener& listener);

    /// Who hears of an event after the commit, in the order of the apps.
    const std::vector<const Listener*>& of(std::string_view event) const { return in(after_, event); }
    /// Who hears of it within the transaction that emits it.
    const std::vector<const Listener*>& within(std::string_view event) const { return in(within_, event); }
    const Listener* named(std::string_view name) const;  ///< nullptr where no app has it

private:
    using ByEvent = std::map<std::string, std::vector<const Listener*>, std::less<>>;
    static const std::vector<const Listener*>& in(const ByEvent& listeners, std::string_view event);

    ByEvent after_{};
    ByEvent within_{};
};

}  // namespace tamiti
