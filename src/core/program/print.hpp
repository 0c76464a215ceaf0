#pragma once

#include <string>

#include "core/program/registry.hpp"

/// What was derived from the declarations, as text: for `tamiti describe`, `routes`, `errors` and `settings`,
/// and for the snapshots that show what a change does. The same declarations give the same bytes.
namespace tamiti::print {

/// One model: its fields with type, column and rules, its checks and what is unique.
std::string model(const Registry& registry, const Model& model);

/// Every mounted model in the order of their names.
std::string models(const Registry& registry);

/// Settings that people change: who may, and their fields.
std::string settings(const StoredSettings& of);

/// Every mounted model, then the settings of the apps.
std::string all(const Registry& registry);

/// One line a route, generic ones too: method, path, who may call it, summary.
std::string routes(const Registry& registry);

/// One line a problem that a client may meet: status, code, meaning.
std::string errors(const Registry& registry);

/// One line a setting: name, default, help. A secret's default is not shown.
std::string settings();

}  // namespace tamiti::print
