#pragma once

#include <string>

#include "core/model/catalogue.hpp"
#include "core/model/record.hpp"
#include "core/model/tx.hpp"

/// What is told of the records that comments hang on, and the models whose lists people keep views of.
namespace tamiti::common {

/// The resource of a model, found by its name; a fault at `on_model` (422) where there is none.
const Resource& listed(ReadTx& tx, const std::string& on_model);

/// How people call the record: "project Harvest campaign". Only what needs no permission is said.
std::string label_of(ReadTx& tx, const Record& record);

}  // namespace tamiti::common
