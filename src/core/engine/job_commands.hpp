#pragma once

#include <vector>

#include "core/program/app.hpp"

namespace tamiti::jobs {

/// `tamiti jobs list`, `show`, `retry` and `cancel`, for operators.
std::vector<Command> commands();

}  // namespace tamiti::jobs
