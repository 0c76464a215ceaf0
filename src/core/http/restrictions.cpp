#include "core/http/restrictions.hpp"

#include <algorithm>

#include "core/access/csrf.hpp"

namespace tamiti::http {
namespace {

bool is_safe(const Request& request) {
    return request.method == Method::get || request.method == Method::head;
}

bool lies_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool manages_sign_ins(const Operation& operation) {
    return operation.app->name == "auth" || lies_below(operation.path, "/auth") ||
           lies_below(operation.path, "/users/me/tokens") || lies_below(operation.path, "/users/me/sessions");
}

void require_grant(const Actor& who, const Operation& operation, const Request& request) {
    if (who.token.is_nil()) return;
    if (manages_sign_ins(operation))
        throw Forbidden(
            "auth.token_scope",
            "Passwords, sessions and tokens are managed by who signed in, not by an access token.");
    const std::string_view verb = is_safe(request) ? "read" : "write";
    if (who.grants && is_granted(*who.grants, operation.app->name, verb)) return;
    throw Forbidden("auth.token_scope", "This access token lacks the grant " + operation.app->name + ":" +
                                            std::string(verb) + ".");
}

}  // namespace

bool is_granted(const std::vector<std::string>& grants, std::string_view app, std::string_view verb) {
    const auto holds = [&](std::string_view grant) {
        const std::size_t colon = grant.find(':');
        if (colon == std::string_view::npos || grant.substr(colon + 1) != verb) return false;
        return grant.substr(0, colon) == app || grant.substr(0, colon) == "*";
    };
    return std::any_of(grants.begin(), grants.end(), holds);
}

void require_unrestricted(const Site& site, const Actor& who, const Operation& operation,
                          const Request& request) {
    if (who.is_anonymous()) return;
    if (who.by_cookie && !is_safe(request) && !csrf_holds(site, who, request))
        throw Forbidden("auth.csrf",
                        "Send the CSRF token of your session as X-CSRF-Token, from a page of this site.");
    if (!who.viewed_by.is_nil() && !is_safe(request))
        throw Forbidden("auth.view_only", "You look as somebody else: that changes nothing of theirs.");
    require_grant(who, operation, request);
    const bool is_own_account = is_safe(request) && operation.path == "/users/me";
    const bool signs_in =
        operation.path.starts_with("/auth/") && !operation.path.starts_with("/auth/view-as");
    if (who.must_add_factor && !signs_in && !is_own_account)
        throw Forbidden("auth.second_factor_required",
                        "Your role asks for a second factor. Set one up under /auth first.");
}

}  // namespace tamiti::http
