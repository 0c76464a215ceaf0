#pragma once

#include "core/api/operations.hpp"

namespace tamiti::api {

/// What an actor may not do however many permissions it holds, because of the way it signed in. Looked at for
/// every request, before the operation's own access; each is a Problem 403:
///
/// - an unsafe request signed by a cookie without the proof that the site's own page made it ("auth.csrf");
/// - anything but reading, for an admin who looks as somebody else ("auth.view_only");
/// - what a personal access token has no grant for, and what no token may do (`RouteOptions::no_token`), such
/// as
///   managing tokens ("auth.token_scope");
/// - anything but what may be called without one (`RouteOptions::without_factor`), while a second factor must
///   be set up ("auth.second_factor_required").
void require_unrestricted(const Site& site, const Actor& who, const Operation& operation,
                          const http::Request& request);

}  // namespace tamiti::api
