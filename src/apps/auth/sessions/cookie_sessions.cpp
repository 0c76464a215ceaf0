#include "apps/auth/sessions/cookie_sessions.hpp"

#include "apps/auth/sessions/cookies.hpp"
#include "apps/auth/sessions/refresh_tokens.hpp"
#include "apps/auth/sessions/sessions.hpp"
#include "apps/auth/sign_in/log_in.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "core/access/csrf.hpp"
#include "core/access/tokens.hpp"
#include "core/api/route.hpp"

namespace tamiti::auth {
namespace {

long long seconds_of(std::chrono::seconds time) {
    return time.count();
}

CookieSession give_cookies(Tx& tx, const Call& call, const Tokens& tokens) {
    const AccessClaims claims = tx.site().memory.get<AccessTokens>(tx.site()).verify(tokens.access, tx.now());
    const long long days = seconds_of(std::chrono::days(tx.settings().refresh_days));
    CookieSession session{.csrf_token = csrf_token(tx.site(), claims.session),
                          .expires_in = tokens.expires_in};
    set_cookie(call, Cookie::access, tokens.access, tokens.expires_in);
    set_cookie(call, Cookie::refresh, tokens.refresh, days);
    set_cookie(call, Cookie::csrf, session.csrf_token, days);
    return session;
}

}  // namespace

CookieSession log_in_by_cookie(Tx& tx, const Actor& who, const Call& call, LogIn asked) {
    require_own_page(call);
    if (!asked.device) asked.device = std::string(cookie_of(call.site, call.request, Cookie::device));
    const SignedIn signed_in = log_in(tx, who, std::move(asked));
    set_cookie(call, Cookie::device, signed_in.device, seconds_of(std::chrono::days(365)));
    return give_cookies(
        tx, call,
        {.access = signed_in.access, .refresh = signed_in.refresh, .expires_in = signed_in.expires_in});
}

CookieSession refresh_by_cookie(Tx& tx, const Actor& who, const Call& call) {
    require_own_page(call);
    const std::string token(cookie_of(call.site, call.request, Cookie::refresh));
    return give_cookies(tx, call, refresh(tx, who, {token}));
}

void log_out_by_cookie(Tx& tx, const Actor& who, const Call& call) {
    require_own_page(call);
    const std::string token(cookie_of(call.site, call.request, Cookie::refresh));
    if (!token.empty()) log_out(tx, who, {token});
    for (const Cookie cookie : {Cookie::access, Cookie::refresh, Cookie::csrf})
        set_cookie(call, cookie, "", 0);
}

}  // namespace tamiti::auth
