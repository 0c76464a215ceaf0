#pragma once

#include "core/program/app.hpp"

namespace tamiti::auth {

/// The command that makes the first admin.
Command create_superuser();

}  // namespace tamiti::auth
