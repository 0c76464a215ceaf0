#pragma once

#include "core/model/tx.hpp"

namespace tamiti::users {

/// Adds the departments and designations that a studio begins with. Who has some of the same names keeps
/// theirs.
void seed_basics(Tx& tx);

/// Adds those and the people of the demo studio.
void seed(Tx& tx);

}  // namespace tamiti::users
