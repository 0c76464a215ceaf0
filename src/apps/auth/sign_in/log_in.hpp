#pragma once

#include "apps/auth/sign_in/sign_in.hpp"

namespace tamiti::auth {

/// Signs in. Everything that may be wrong gets the same answer (401 "auth.wrong_credentials") in the same
/// time; who knows the password is told that the address is unproven (403 "auth.unverified") or that a code
/// is needed (401 "auth.second_factor_needed").
SignedIn log_in(Tx& tx, const Actor& who, LogIn asked);

}  // namespace tamiti::auth
