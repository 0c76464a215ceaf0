#include "apps/auth/sessions/session_state.hpp"

#include <string>

#include "apps/users/service.hpp"
#include "core/access/role_names.hpp"
#include "core/access/tokens.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

namespace tamiti::auth {
namespace {

SessionState load_session(Site& site, const Uuid& id) {
    const auto found = look_once(site, [&](ReadTx& tx) {
        return tx.find_one<PersonState>(Sql{R"(SELECT {}, f.confirmed_at IS NOT NULL AS has_factor,
                          least(s.expires_at, u.expires_at) AS closes_at,
                          s.ended_at IS NULL AND u.is_active AND u.is_verified
                          AND (u.signed_out_at IS NULL OR s.created_at > u.signed_out_at)
                          AND s.created_at <= {} AS is_open
                   FROM auth_session s JOIN {} u ON u.id = s.account
                   LEFT JOIN auth_second_factor f ON f.account = u.id WHERE s.id = {})",
                                            person_columns(), site.clock->now() + clock_error,
                                            users::accounts(), id});
    });
    return found ? state_of(site, *found) : SessionState();
}

}  // namespace

Sql person_columns() {
    return {"u.id AS person, u.roles, u.time_zone, u.language, u.is_verified"};
}

SessionState state_of(const Site& site, const PersonState& row) {
    SessionState state;
    state.user = row.person;
    state.roles = RoleSet(row.roles);
    state.time_zone = row.time_zone;
    state.language = row.language;
    state.is_verified = row.is_verified;
    state.must_add_factor =
        !row.has_factor &&
        state.roles.meets(roles_named(site.settings->second_factor_roles, "TAMITI_SECOND_FACTOR_ROLES"));
    state.closes_at = row.closes_at;
    state.is_open = row.is_open;
    return state;
}

Actor actor_of(const Site& site, const SessionState& state) {
    const bool has_closed = state.closes_at && *state.closes_at <= site.clock->now();
    if (!state.is_open || has_closed) throw invalid_token();
    Actor actor;
    actor.id = state.user;
    actor.roles = state.roles;
    actor.time_zone = state.time_zone;
    actor.language = state.language;
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

}  // namespace tamiti::auth
