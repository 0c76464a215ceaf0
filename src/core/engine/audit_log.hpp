#pragma once

#include "core/api/declared_route.hpp"

namespace tamiti::audit {

/// `GET /audit`: the whole trail, for holders of audit.view. Reading it leaves an entry, too.
Route log_route();

}  // namespace tamiti::audit
