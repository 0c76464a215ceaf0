#include "apps/auth/sessions/authenticate.hpp"

#include "apps/auth/sessions/cookies.hpp"
#include "apps/auth/sessions/session_state.hpp"
#include "apps/auth/sessions/view_as.hpp"
#include "apps/auth/tokens/personal_token_actor.hpp"
#include "core/access/tokens.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

/// The token of the only Authorization header; nothing where there is no header. Another scheme, a second
/// header or an empty token are as bad as a bad token.
std::optional<std::string_view> bearer_token(const http::Request& request) {
    const http::Header* found = nullptr;
    for (const http::Header& header : request.headers) {
        if (!http::equals_ignoring_case(header.name, "Authorization")) continue;
        if (found) throw invalid_token();
        found = &header;
    }
    if (!found) return std::nullopt;
    // One blank or more (RFC 9110 11.4).
    const std::size_t blank = found->value.find(' ');
    if (blank == std::string_view::npos ||
        !http::equals_ignoring_case(found->value.substr(0, blank), "Bearer"))
        throw invalid_token();
    return trim(found->value.substr(blank));
}

/// The token of the access cookie, where there is one. The cookie routes themselves take none: they look at
/// Origin, and a page that has lost its CSRF token must get in.
std::optional<std::string_view> access_cookie(const Site& site, const http::Request& request) {
    if (request.path.starts_with(cookie_path)) return std::nullopt;
    const std::string_view token = cookie_of(site, request, Cookie::access);
    if (token.empty()) return std::nullopt;
    return token;
}

}  // namespace

std::optional<Actor> authenticate(Site& site, const http::Request& request) {
    std::optional<std::string_view> token = bearer_token(request);
    const bool by_cookie = !token;
    if (by_cookie) token = access_cookie(site, request);
    if (!token) return std::nullopt;
    if (is_personal_token(*token)) {
        if (by_cookie)
            throw invalid_token();  // programs send headers; in a cookie it would dodge the CSRF token
        return personal_token_actor(site, *token, request);
    }
    const AccessClaims claims = site.memory.get<AccessTokens>(site).verify(*token, site.clock->now());
    if (!claims.viewed_by.is_nil()) {
        if (by_cookie) throw invalid_token();
        return viewing_actor(site, claims);
    }
    Actor actor = actor_of(site, *session_state(site, claims.session));
    if (actor.id != claims.user) throw invalid_token();
    actor.session = claims.session;
    actor.by_cookie = by_cookie;
    return actor;
}

}  // namespace tamiti::auth
