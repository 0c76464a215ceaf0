#pragma once

#include "core/access/actor.hpp"

namespace tamiti::auth {

/// Refuses (403) whoever didn't sign in themselves: programs with a personal access token
/// ("auth.token_scope"), and an admin who looks as somebody else ("auth.view_only"). For what decides how a
/// person signs in: passwords, factors, tokens.
void require_own_session(const Actor& who);

/// The same for reading about it, which an admin who looks as somebody else may.
void require_no_token(const Actor& who);

}  // namespace tamiti::auth
