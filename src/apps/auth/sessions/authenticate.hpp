#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/access/actor.hpp"
#include "core/access/session_cache.hpp"
#include "core/access/tokens.hpp"
#include "core/db/result.hpp"
#include "core/http/message.hpp"
#include "core/site/site.hpp"

/// The ways in which a request says who asks, and what they share.
namespace tamiti::auth {

/// What every way reads of a person: the first columns of its query over users_user u and, left-joined,
/// auth_second_factor f. Two more follow: when it closes, and whether it is open.
inline constexpr std::string_view person_columns =
    "u.id, u.roles, u.time_zone, u.is_verified, f.confirmed_at IS NOT NULL";
SessionState state_of(const Site& site, const db::Row& row);

/// The actor of a state that holds now; throws `invalid_token` where it doesn't.
Actor actor_of(const Site& site, const SessionState& state);

/// The state of a session as it was less than a second ago.
SessionCache::State session_state(Site& site, const Uuid& session);

/// Whether this is meant to be a personal access token, by its beginning.
bool is_personal_token(std::string_view token);

/// Who asks with a personal access token; throws `invalid_token` where it doesn't hold.
Actor personal_token_actor(Site& site, std::string_view token, const http::Request& request);

/// Who asks with an access token that looks as somebody else; throws `invalid_token` where the admin's
/// session has ended, or the admin may not look as that person any more.
Actor viewing_actor(Site& site, const AccessClaims& claims);

}  // namespace tamiti::auth
