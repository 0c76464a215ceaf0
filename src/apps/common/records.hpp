#pragma once

#include <string>

#include "core/access/actor.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/tx.hpp"

/// The records that comments and attachments hang on.
namespace tamiti::common {

/// Whether rows of the model are records that others may hang on. What itself hangs on a record isn't.
bool may_carry(const Model& model);

/// The resource of a model, found by its name; a fault at `on_model` (422) where there is none.
const Resource& listed(ReadTx& tx, const std::string& on_model);

/// The resource of a record that the actor sees. Otherwise a fault (422) at `on_model`, or at `on_row`, which
/// is the same for a record that doesn't exist and one that is hidden.
const Resource& require_record(ReadTx& tx, const Actor& who, const std::string& on_model, const Uuid& on_row);

bool sees(ReadTx& tx, const Actor& who, const Resource& resource, const Uuid& row);

/// How people call the record: "project Harvest campaign". Only what needs no permission is said.
std::string label_of(ReadTx& tx, const Resource& resource, const Uuid& row);

}  // namespace tamiti::common
