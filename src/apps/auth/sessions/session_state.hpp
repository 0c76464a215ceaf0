#pragma once

#include <string_view>

#include "core/access/actor.hpp"
#include "core/access/session_cache.hpp"
#include "core/db/result.hpp"
#include "core/site/site.hpp"

/// What a request is allowed by: the state of a session, of a personal access token or of a view, as it is
/// remembered for a second.
namespace tamiti::auth {

/// What every way reads of a person: the first columns of its query over users::accounts u and, left-joined,
/// auth_second_factor f. Two more follow: when it closes, and whether it is open.
inline constexpr std::string_view person_columns =
    "u.id, u.roles, u.time_zone, u.is_verified, f.confirmed_at IS NOT NULL";
SessionState state_of(const Site& site, const db::Row& row);

/// The actor of a state that holds now; throws `invalid_token` where it doesn't.
Actor actor_of(const Site& site, const SessionState& state);

/// The state of a session as it was less than a second ago.
SessionCache::State session_state(Site& site, const Uuid& session);

}  // namespace tamiti::auth
