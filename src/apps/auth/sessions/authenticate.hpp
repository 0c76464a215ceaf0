#pragma once

#include <optional>

#include "core/access/actor.hpp"
#include "core/http/message.hpp"
#include "core/site/site.hpp"

namespace tamiti::auth {

/// Who asks, by the bearer token of the request or the cookie of its page; nothing where there is neither.
/// Throws `invalid_token` for a bad one.
std::optional<Actor> authenticate(Site& site, const http::Request& request);

}  // namespace tamiti::auth
