#pragma once

#include <string>
#include <string_view>

#include "apps/users/models.hpp"
#include "core/model/tx.hpp"

/// Codes on paper for who has lost the authenticator app: 80 random bits each, kept hashed, good for one use.
namespace tamiti::auth {

/// Ten new codes, "abcd-efgh-ijkl-mnop"; all earlier ones end.
Tags make_recovery_codes(Tx& tx, Id<users::User> account);

/// Uses up a code, however its letters and hyphens were typed. Of many who try at once one succeeds.
bool use_recovery_code(Tx& tx, Id<users::User> account, std::string_view typed);

}  // namespace tamiti::auth
