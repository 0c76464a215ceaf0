#pragma once

#include "core/model/tx.hpp"

namespace tamiti {

/// Makes a person unrecognisable: in each mounted model that has personal fields, the rows that are theirs
/// lose them, and each app's own `erase` does what is left. Later apps come first: they may need the name
/// that goes.
void erase_person(Tx& tx, const Uuid& person);

}  // namespace tamiti
