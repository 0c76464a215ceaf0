#pragma once

#include <string>
#include <string_view>

#include "core/program/registry.hpp"

namespace tamiti::meta {

/// Whether any row at all may be open to the actor by that verb.
bool is_open(const Route& route, const Actor& who);

/// The verb that takes rows of the resource in a spreadsheet, where it is open to the actor; else nullptr.
const Route* import_route(const Registry& registry, const Resource& resource, const Actor& who);

/// The field that a record is headed by: the one that its description names, or the first of the brief form.
std::string title_field(const Model& model);

/// Everything of one model that the actor may know, as JSON.
std::string model_json(const Registry& registry, const Resource& resource, const Actor& who);

}  // namespace tamiti::meta
