#pragma once

#include "core/program/app.hpp"

namespace tamiti::auth {

/// The command with which an operator lets somebody in again who can't reset the password alone, or shuts out
/// whoever has taken the account over.
Command reset_password_command();

}  // namespace tamiti::auth
