#pragma once

#include <optional>

#include "apps/auth/models.hpp"
#include "core/model/tx.hpp"

/// Ending sessions, which is felt at once here and within a second on other nodes.
namespace tamiti::auth {

/// Ends one session, if it is open still. Whether there was one to end.
bool end(Tx& tx, Id<Session> session, EndReason reason);

/// Ends all open sessions of an account, or all but one.
void end_sessions(Tx& tx, Id<users::User> account, EndReason reason,
                  std::optional<Id<Session>> except = std::nullopt);

/// The same for those that had begun by then.
void end_sessions_until(Tx& tx, Id<users::User> account, EndReason reason, Timestamp then);

}  // namespace tamiti::auth
