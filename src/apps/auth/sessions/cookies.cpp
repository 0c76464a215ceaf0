#include "apps/auth/sessions/cookies.hpp"

#include "core/access/csrf.hpp"
#include "core/api/route.hpp"
#include "core/base/problem.hpp"
#include "core/http/cookies.hpp"

namespace tamiti::auth {
namespace {

/// Browsers keep secure cookies from plain connections; in development there is no TLS.
bool is_secure(const Site& site, const http::Request& request) {
    return request.secure || !site.settings->is_development();
}

std::string name_of(Cookie cookie, bool secure) {
    // __Host- demands Path=/, which the refresh cookie must not have.
    const std::string prefix = !secure ? "" : cookie == Cookie::refresh ? "__Secure-" : "__Host-";
    switch (cookie) {
        case Cookie::access:
            return prefix + "tamiti_access";
        case Cookie::refresh:
            return prefix + "tamiti_refresh";
        case Cookie::csrf:
            return prefix + "tamiti_csrf";
        case Cookie::device:
            break;
    }
    return prefix + "tamiti_device";
}

}  // namespace

std::string_view cookie_of(const Site& site, const http::Request& request, Cookie cookie) {
    return http::cookie_named(request, name_of(cookie, is_secure(site, request)));
}

void set_cookie(const Call& call, Cookie cookie, std::string_view value, long long seconds) {
    const bool secure = is_secure(call.site, call.request);
    std::string text = name_of(cookie, secure) + "=";
    // A verb that runs again after a deadlock sets its cookies again.
    std::erase_if(call.response.headers, [&](const auto& header) {
        return header.first == "Set-Cookie" && header.second.starts_with(text);
    });
    text.append(value).append("; Max-Age=").append(std::to_string(seconds));
    text.append("; Path=").append(cookie == Cookie::refresh ? cookie_path : "/").append("; SameSite=Lax");
    if (secure) text.append("; Secure");
    if (cookie != Cookie::csrf) text.append("; HttpOnly");  // pages read the CSRF token and send it back
    call.response.set("Set-Cookie", std::move(text));
}

void require_own_page(const Call& call) {
    if (!comes_from_site(call.site, call.request))
        throw Forbidden("auth.cross_site", "Only pages of this studio may sign in by cookie: send Origin.");
}

}  // namespace tamiti::auth
