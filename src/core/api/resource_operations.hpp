#pragma once

#include "core/api/route.hpp"
#include "core/api/router.hpp"

namespace tamiti::api {

/// Runs a generic operation of a resource for a call and fills its response: status, body, ETag, Location.
void run_resource(Call& call, const Operation& operation);

}  // namespace tamiti::api
