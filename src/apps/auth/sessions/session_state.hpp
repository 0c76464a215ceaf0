#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/access/actor.hpp"
#include "core/access/role.hpp"
#include "core/access/session_cache.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/db/sql.hpp"
#include "core/site/site.hpp"

/// What a request is allowed by: the state of a session, of a personal access token or of a view, as it is
/// remembered for a second.
namespace tamiti::auth {

/// What every way of asking reads of the person.
struct PersonState {
    Uuid person{};
    std::vector<Role> roles{};
    std::string time_zone{};
    std::string language{};
    bool is_verified = false;
    bool has_factor = false;  ///< or has nothing that one would add to
    std::optional<Timestamp> closes_at{};
    bool is_open = false;
};
BOOST_DESCRIBE_STRUCT(PersonState, (),
                      (person, roles, time_zone, language, is_verified, has_factor, closes_at, is_open))

/// The first five columns of that, of the account aliased u.
Sql person_columns();

SessionState state_of(const Site& site, const PersonState& row);

/// The actor of a state that holds now; throws `invalid_token` where it doesn't.
Actor actor_of(const Site& site, const SessionState& state);

/// The state of a session as it was less than a second ago.
SessionCache::State session_state(Site& site, const Uuid& session);

}  // namespace tamiti::auth
