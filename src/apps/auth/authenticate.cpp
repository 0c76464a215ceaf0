#include "apps/auth/service.hpp"
#include "core/access/session_cache.hpp"
#include "core/access/tokens.hpp"
#include "core/model/member.hpp"

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

SessionState load_session(Site& site, const Uuid& id) {
    const db::Result found = look(site, [&](ReadTx& tx) {
        return tx.rows(
            "SELECT u.id, u.roles, u.time_zone, least(s.expires_at, u.expires_at), "
            "       s.ended_at IS NULL AND u.is_active AND (u.signed_out_at IS NULL OR s.created_at > "
            "u.signed_out_at) "
            "FROM auth_session s JOIN users_user u ON u.id = s.account WHERE s.id = $1",
            id);
    });
    SessionState state;
    if (found.empty()) return state;
    const db::Row row = found[0];
    std::vector<Role> roles = Member<std::vector<Role>>::load(row.text(1));
    state.user = stored_uuid(row.text(0));
    state.roles = RoleSet(roles);
    state.time_zone = row.text(2);
    state.closes_at = stored_timestamp(row.text(3));
    state.is_open = row.boolean(4);
    return state;
}

}  // namespace

std::optional<Actor> authenticate(Site& site, const http::Request& request) {
    const std::optional<std::string_view> token = bearer_token(request);
    if (!token) return std::nullopt;
    const Timestamp now = site.clock->now();
    const AccessClaims claims = site.memory.get<AccessTokens>(site).verify(*token, now);
    const auto state = site.memory.get<SessionCache>(site).find(
        claims.session, [&site](const Uuid& session) { return load_session(site, session); });
    const bool has_closed = state->closes_at && *state->closes_at <= now;
    if (!state->is_open || has_closed || state->user != claims.user) throw invalid_token();
    Actor actor;
    actor.id = state->user;
    actor.roles = state->roles;
    actor.session = claims.session;
    actor.time_zone = state->time_zone;
    return actor;
}

}  // namespace tamiti::auth
