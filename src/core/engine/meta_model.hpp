#pragma once

#include <string>
#include <string_view>

#include "core/program/registry.hpp"

namespace tamiti::meta {

/// The field that a row is called by: the first of the brief form.
std::string title_field(const Model& model);

/// Everything of one model that the actor may know, as JSON.
std::string model_json(const Registry& registry, const Resource& resource, const Actor& who);

}  // namespace tamiti::meta
