#pragma once

#include <string>
#include <string_view>

#include "core/http/message.hpp"
#include "core/site/site.hpp"

namespace tamiti {
struct Call;
}

/// Cookies that hold a sign-in for browsers, where scripts can't reach them. Over TLS the access cookie is
/// `__Host-` (RFC 6265bis 4.1.3): no subdomain and no plain connection can set it. The refresh cookie goes to
/// its own routes only.
namespace tamiti::auth {

/// Where the cookie routes are; nowhere else is the refresh cookie sent, and here nobody is signed in by
/// cookie.
inline constexpr std::string_view cookie_path = "/api/v1/auth/cookie";

enum class Cookie : unsigned char { access, refresh, csrf, device };

/// The value of the only cookie of that kind that the request sent; empty where there is none, or several.
std::string_view cookie_of(const Site& site, const http::Request& request, Cookie cookie);

/// Sets a cookie for so many seconds; 0 removes it.
void set_cookie(const Call& call, Cookie cookie, std::string_view value, long long seconds);

/// Throws 403 "auth.cross_site" where no page of this site made the request.
void require_own_page(const Call& call);

}  // namespace tamiti::auth
