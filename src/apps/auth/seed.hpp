#pragma once

#include "core/model/tx.hpp"

namespace tamiti::auth {

/// Gives the accounts of the demo studio their password; in development only.
void seed(Tx& tx);

}  // namespace tamiti::auth
