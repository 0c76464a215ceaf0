#pragma once

#include <functional>
#include <string>

#include "core/model/shape.hpp"

namespace tamiti {

class Tx;

/// What an app does when something happened elsewhere; made by after<Event>(), or by within<Event>() where it
/// must hold in the same transaction.
struct Listener {
    std::string name;   ///< "tasks.close_tasks_of", unique in the program
    std::string event;  ///< "projects.archived"
    Shape shape{};
    std::function<void(Tx&, const std::string& json)> run{};   ///< after the commit
    std::function<void(Tx&, const void* event)> run_within{};  ///< in the transaction that emits; else empty
};

}  // namespace tamiti
