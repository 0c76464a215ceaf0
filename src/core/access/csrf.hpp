#pragma once

#include <string>

#include "core/base/uuid.hpp"

/// Requests that a browser signs by itself, with a cookie, and that another site may have made it send.
namespace tamiti {

struct Actor;
struct Site;
namespace http {
struct Request;
}

/// What a client that signed in by cookie must send back as X-CSRF-Token with every unsafe request: an HMAC
/// of its session, which other sites can neither read nor compute.
std::string csrf_token(const Site& site, const Uuid& session);

/// Whether an unsafe request may be believed: it was not signed by a cookie, or it comes from a page of the
/// site
/// (`comes_from_site`) and carries the CSRF token of its session.
bool csrf_holds(const Site& site, const Actor& who, const http::Request& request);

/// Whether the browser says that a page of this site made the request: Sec-Fetch-Site is same-origin (or
/// none, where a person typed the address), Origin is the site's own. One of the two must be there; browsers
/// have sent Origin with every POST since 2020.
bool comes_from_site(const Site& site, const http::Request& request);

}  // namespace tamiti
