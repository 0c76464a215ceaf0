#pragma once

#include <vector>

#include "core/api/declared_route.hpp"
#include "core/model/stored_settings.hpp"

namespace tamiti::api {

/// Reading and changing settings: GET and PATCH of `/settings/library.lending`; personal ones are those of
/// who asks. The answer is the values, its ETag has their version. What is given must outlive the routes.
std::vector<Route> settings_routes(const StoredSettings& of);

}  // namespace tamiti::api
