#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/catalogue.hpp"

/// The audit trail: one entry for each row that was made, changed or removed, written by database triggers
/// (migrations/0004_audit.sql) with the cause that is set on every transaction. Nothing in the program can
/// change it, but for forget().
namespace tamiti::audit {

/// Makes a person unrecognisable in the trail: the values of those fields of the row with their id in `model`
/// become "[erased]", and the addresses that they came from are removed. The entries themselves stay. Answers
/// how many had such values. Call it after the row itself was changed: that leaves an entry with the values
/// of before. A field that the model doesn't have throws std::logic_error.
std::int64_t forget(Tx& tx, const Uuid& person, const Model& model, const std::vector<std::string>& fields);

/// Takes what is personal from the rows of the model in the scope, and from the trail, too. Such a field gets
/// its value in `instead`, which is in stored form, or else that of a new row; a required one that has none
/// in `instead` stays as it is in the row. Answers how many rows there were. A field that isn't personal
/// throws std::logic_error.
int erase_personal(Tx& tx, const Model& model, const Scope& which,
                   const std::vector<std::pair<std::string, std::string>>& instead = {});

}  // namespace tamiti::audit
