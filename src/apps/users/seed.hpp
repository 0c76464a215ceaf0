#pragma once

#include "core/model/tx.hpp"

namespace tamiti::users {

/// Adds the people of the demo studio.
void seed(Tx& tx);

}  // namespace tamiti::users
