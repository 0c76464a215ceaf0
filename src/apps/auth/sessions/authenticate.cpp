#include "apps/auth/sessions/authenticate.hpp"

#include "apps/auth/service.hpp"
#include "apps/auth/sessions/cookies.hpp"
#include "core/access/role_names.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

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
    constexpr std::string_view scheme = "Bearer ";
    if (!http::equals_ignoring_case(found->value.substr(0, scheme.size()), scheme)) throw invalid_token();
    return found->value.substr(scheme.size());
}

/// The token of the access cookie, where there is one. The cookie routes themselves take none: they look at
/// Origin, and a page that has lost its CSRF token must get in.
std::optional<std::string_view> access_cookie(const Site& site, const http::Request& request) {
    if (request.path.starts_with(cookie_path)) return std::nullopt;
    const std::string_view token = cookie_of(site, request, Cookie::access);
    if (token.empty()) return std::nullopt;
    return token;
}

SessionState load_session(Site& site, const Uuid& id) {
    static const std::string query = "SELECT " + std::string(person_columns) +
                                     ", least(s.expires_at, u.expires_at), s.ended_at IS NULL AND "
                                     "u.is_active AND u.is_verified AND (u.signed_out_at IS NULL OR "
                                     "s.created_at > u.signed_out_at) "
                                     "FROM auth_session s JOIN users_user u ON u.id = s.account "
                                     "LEFT JOIN auth_second_factor f ON f.account = u.id WHERE s.id = $1";
    const db::Result found = look_once(site, [&](ReadTx& tx) { return tx.rows(query, id); });
    return found.empty() ? SessionState() : state_of(site, found[0]);
}

}  // namespace

SessionState state_of(const Site& site, const db::Row& row) {
    SessionState state;
    state.user = stored_uuid(row.text(0));
    state.roles = RoleSet(Member<std::vector<Role>>::load(row.text(1)));
    state.time_zone = row.text(2);
    state.is_verified = row.boolean(3);
    state.must_add_factor =
        !row.boolean(4) &&
        state.roles.meets(roles_named(site.settings->second_factor_roles, "TAMITI_SECOND_FACTOR_ROLES"));
    state.closes_at = stored_timestamp(row.text(5));
    state.is_open = row.boolean(6);
    return state;
}

Actor actor_of(const Site& site, const SessionState& state) {
    const bool has_closed = state.closes_at && *state.closes_at <= site.clock->now();
    if (!state.is_open || has_closed) throw invalid_token();
    Actor actor;
    actor.id = state.user;
    actor.roles = state.roles;
    actor.time_zone = state.time_zone;
    actor.is_verified = state.is_verified;
    actor.must_add_factor = state.must_add_factor;
    return actor;
}

SessionCache::State session_state(Site& site, const Uuid& session) {
    const auto state = site.memory.get<SessionCache>(site).find(
        session, [&site](const Uuid& id) { return load_session(site, id); });
    // What is remembered of a token or a view is no session, whatever id somebody finds for it.
    if (!state->token.is_nil() || !state->viewed_by.is_nil()) throw invalid_token();
    return state;
}

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
