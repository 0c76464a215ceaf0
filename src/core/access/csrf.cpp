#include "core/access/csrf.hpp"

#include "core/access/actor.hpp"
#include "core/base/crypto.hpp"
#include "core/base/text.hpp"
#include "core/http/message.hpp"
#include "core/site/site.hpp"

namespace tamiti {
namespace {

std::string token_with(const std::string& key, const Uuid& session) {
    return base64url(hmac_sha256(key, session.text()));
}

bool is_own_origin(const Site& site, const http::Request& request, std::string_view origin) {
    if (!site.origin.empty() && http::equals_ignoring_case(origin, site.origin)) return true;
    // Host has been found among the site's own names before anybody asks.
    const std::string here = (request.secure ? "https://" : "http://") + std::string(request.host);
    return http::equals_ignoring_case(origin, here);
}

}  // namespace

std::string csrf_token(const Site& site, const Uuid& session) {
    return token_with(site.key("csrf"), session);
}

bool comes_from_site(const Site& site, const http::Request& request) {
    if (request.repeats("Sec-Fetch-Site") || request.repeats("Origin")) return false;
    const std::string_view fetch = request.header("Sec-Fetch-Site");
    if (!fetch.empty() && fetch != "same-origin" && fetch != "none") return false;
    const std::string_view origin = request.header("Origin");
    if (!origin.empty()) return is_own_origin(site, request, origin);
    return !fetch.empty();
}

bool csrf_holds(const Site& site, const Actor& who, const http::Request& request) {
    if (!who.by_cookie) return true;
    if (!comes_from_site(site, request)) return false;
    const std::string_view sent = request.header("X-CSRF-Token");
    if (same_secret(sent, csrf_token(site, who.session))) return true;
    const std::string previous = site.previous_key("csrf");
    return !previous.empty() && same_secret(sent, token_with(previous, who.session));
}

}  // namespace tamiti
