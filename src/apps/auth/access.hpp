#pragma once

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"

namespace tamiti::auth {

/// The sign-ins and tries of the actor's own account.
Scope own_sign_ins(const Actor& who);

}  // namespace tamiti::auth
