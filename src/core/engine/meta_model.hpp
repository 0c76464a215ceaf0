#pragma once

#include <string>
#include <string_view>

#include "core/program/registry.hpp"

namespace tamiti::meta {

/// Words for people from a name of the program: "due_on" is "Due on", "saved-views" is "Saved views".
std::string label_of(std::string_view name);

/// The field that a row is called by: the first of the brief form.
std::string title_field(const Model& model);

/// Everything of one model that the actor may know, as JSON.
std::string model_json(const Registry& registry, const Resource& resource, const Actor& who);

}  // namespace tamiti::meta
