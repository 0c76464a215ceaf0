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
    static const std::string query = "SELECT " + std::string(person_columns) +
                                     ", least(s.expires_at, u.expires_at), s.ended_at IS NULL AND "
                                     "u.is_active AND u.is_verified AND (u.signed_out_at IS NULL OR "
                                     "s.created_at > u.signed_out_at) "
                                     "FROM auth_session s JOIN " +
                                     std::string(users::accounts) +
                                     " u ON u.id = s.account "
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

}  // namespace tamiti::auth
