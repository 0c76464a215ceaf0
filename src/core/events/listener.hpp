#pragma once

#include <functional>
#include <string>

#include "core/model/shape.hpp"

namespace tamiti {

class Tx;

/// What an app does after something happened elsewhere; made by after<Event>().
struct Listener {
    std::string name;   ///< "tasks.close_tasks_of", unique in the program
    std::string event;  ///< "projects.archived"
    Shape shape{};
    std::function<void(Tx&, const std::string& json)> run{};
};

}  // namespace tamiti
