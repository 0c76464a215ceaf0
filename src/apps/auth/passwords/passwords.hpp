#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/models.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// What changes of an account ask for and bring with them.
namespace tamiti::auth {

/// The actor's account, once they have typed its password again. A wrong one is a 422 that names the field,
/// whoever didn't sign in themselves 403, too many tries 429. Holds no connection while the password is
/// hashed.
Account prove_own_password(Tx& tx, const Actor& who, std::string_view field, const std::string& password);

/// Ends all open sessions of an account, or all but one; felt at once here and within a second on other
/// nodes.
void end_sessions(Tx& tx, Id<users::User> account, EndReason reason,
                  std::optional<Id<Session>> except = std::nullopt);

/// The same for those that had begun by then.
void end_sessions_until(Tx& tx, Id<users::User> account, EndReason reason, Timestamp then);

}  // namespace tamiti::auth
