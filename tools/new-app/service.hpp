#pragma once

#include "apps/@name@/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

namespace tamiti::@name@ {

/// Puts one @item@ out of use. Calling it twice changes nothing.
@Item@ retire(Tx& tx, const Actor& who, @Item@ row);

}  // namespace tamiti::@name@
