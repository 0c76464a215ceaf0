#pragma once

#include "core/model/tx.hpp"

/// What is left of a person in what others said.
namespace tamiti::common {

/// Puts the name that an erased person gets in place of their username wherever a comment mentions them, in
/// the trash, too; what the trail has of the texts of these comments is forgotten. To be called while the
/// person still has their username. Texts that name somebody who couldn't see them stay: nothing says whom
/// they mean.
void forget_mentions(Tx& tx, const Uuid& person);

}  // namespace tamiti::common
