#pragma once

#include <vector>

#include "core/program/app.hpp"

namespace tamiti::mail {

/// `tamiti mail list` and `tamiti mail show ID`.
std::vector<Command> commands();

}  // namespace tamiti::mail
