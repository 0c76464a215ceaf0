#pragma once

#include "core/program/app.hpp"

namespace tamiti::auth {

/// The command that makes a token for an account, above all for one that no person signs in to.
Command make_token_command();

}  // namespace tamiti::auth
