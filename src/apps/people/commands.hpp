#pragma once

#include <vector>

#include "core/program/app.hpp"

namespace tamiti::people {

/// What operators do from the command line: `tamiti users invite`.
std::vector<Command> commands();

}  // namespace tamiti::people
