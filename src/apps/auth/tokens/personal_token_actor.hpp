#pragma once

#include <string_view>

#include "core/access/actor.hpp"
#include "core/base/uuid.hpp"
#include "core/http/message.hpp"
#include "core/site/site.hpp"

/// Requests of programs that hold a personal access token.
namespace tamiti::auth {

/// Whether this is meant to be a personal access token, by its beginning.
bool is_personal_token(std::string_view token);

/// Who asks with a personal access token; throws `invalid_token` where it doesn't hold.
Actor personal_token_actor(Site& site, std::string_view token, const http::Request& request);

/// Under what the state of a personal access token is remembered, by its hash (`token_hash`): its first 128
/// bits, which nobody can choose.
Uuid personal_token_key(std::string_view hash);

}  // namespace tamiti::auth
