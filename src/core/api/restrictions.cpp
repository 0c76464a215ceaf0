#include "core/api/restrictions.hpp"

#include "core/access/csrf.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti::api {
namespace {

bool is_safe(const http::Request& request) {
    return request.method == http::Method::get || request.method == http::Method::head;
}

void require_grant_of(const Actor& who, const Operation& operation, const std::string& verb) {
    if (who.grants && is_granted(*who.grants, operation.app, verb)) return;
    throw Forbidden("auth.token_scope",
                    "This access token lacks the grant " + std::string(operation.app) + ":" + verb + ".");
}

/// To write is not to read; but a write of the generic kind finds rows and answers one, so that it needs
/// both.
void require_grant(const Actor& who, const Operation& operation, const http::Request& request) {
    if (who.token.is_nil()) return;
    if (!operation.no_token.empty()) throw Forbidden("auth.token_scope", std::string(operation.no_token));
    if (!is_safe(request)) require_grant_of(who, operation, "write");
    if (is_safe(request) || operation.resource) require_grant_of(who, operation, "read");
}

}  // namespace

void require_unrestricted(const Site& site, const Actor& who, const Operation& operation,
                          const http::Request& request) {
    if (who.is_anonymous()) return;
    if (who.by_cookie && !is_safe(request) && !csrf_holds(site, who, request))
        throw Forbidden("auth.csrf",
                        "Send the CSRF token of your session as X-CSRF-Token, from a page of this site.");
    if (!who.viewed_by.is_nil() && !is_safe(request))
        throw Forbidden("auth.view_only", "You look as somebody else: that changes nothing of theirs.");
    if (!who.viewed_by.is_nil() && operation.route && operation.route->options.for_oneself)
        throw Forbidden("auth.view_only", "You look as somebody else: this is for them alone to know.");
    require_grant(who, operation, request);
    if (who.must_add_factor && !operation.without_factor)
        throw Forbidden("auth.second_factor_required",
                        "Your role asks for a second factor. Set one up under /auth first.");
}

}  // namespace tamiti::api
