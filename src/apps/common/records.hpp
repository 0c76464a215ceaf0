#pragma once

#include <string>

#include "core/model/catalogue.hpp"
#include "core/model/tx.hpp"

/// The models whose lists people keep views of.
namespace tamiti::common {

/// The resource of a model, found by its name; a fault at `on_model` (422) where there is none.
const Resource& listed(ReadTx& tx, const std::string& on_model);

}  // namespace tamiti::common
