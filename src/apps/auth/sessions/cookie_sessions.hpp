#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "apps/auth/sign_in/log_in.hpp"

namespace tamiti {
struct Call;
}

/// Signing in by cookie, for pages of the studio. The same sessions, throttles and rotation as with tokens;
/// every route here looks at Origin, and unsafe requests elsewhere need the CSRF token
/// (core/access/csrf.hpp).
namespace tamiti::auth {

/// What a page may know of its sign-in.
struct CookieSession {
    std::string csrf_token{};  ///< to send as X-CSRF-Token with every unsafe request
    int expires_in = 0;        ///< seconds until the cookies need a refresh
};
BOOST_DESCRIBE_STRUCT(CookieSession, (), (csrf_token, expires_in))

/// `log_in`, with the tokens in cookies.
CookieSession log_in_by_cookie(Tx& tx, const Actor& who, const Call& call, LogIn asked);

/// `refresh`, with the token from its cookie.
CookieSession refresh_by_cookie(Tx& tx, const Actor& who, const Call& call);

/// Ends the session of the refresh cookie and removes the cookies; the device stays known.
void log_out_by_cookie(Tx& tx, const Actor& who, const Call& call);

}  // namespace tamiti::auth
