#pragma once

#include <vector>

#include "core/program/app.hpp"

namespace tamiti::users {

/// What operators do from the command line: `tamiti users list`, `tamiti users deactivate`.
std::vector<Command> commands();

}  // namespace tamiti::users
