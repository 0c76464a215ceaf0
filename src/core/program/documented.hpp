#pragma once

#include "core/openapi/openapi.hpp"
#include "core/program/registry.hpp"

namespace tamiti {

/// What the OpenAPI document of a program is made from; the registry must outlive it.
Documented documented(const Registry& registry);

}  // namespace tamiti
