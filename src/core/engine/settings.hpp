#pragma once

#include "core/api/declared_route.hpp"

namespace tamiti {

/// `GET /settings`: every setting that the actor may read, the studio's and their own, with its values.
Route settings_route();

}  // namespace tamiti
