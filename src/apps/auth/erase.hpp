#pragma once

#include "core/model/tx.hpp"

namespace tamiti::auth {

/// Forgets how a person signed in: password, links and where they signed in from; ends their sessions. That
/// they signed in, and when, stays.
void erase(Tx& tx, const Uuid& person);

}  // namespace tamiti::auth
