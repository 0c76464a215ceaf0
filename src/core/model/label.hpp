#pragma once

#include <string>
#include <string_view>

#include "core/db/sql.hpp"
#include "core/model/model.hpp"

/// What people call rows: "HARVEST-26 Harvest campaign".
namespace tamiti {

class ReadTx;
struct Record;

/// Takes over what a description says of it: `label` and `label_search`. Without a label the model has that
/// of its brief form's first text, or else its noun. Throws std::logic_error with the names of model and
/// field where a field isn't there, can't stand in a text (a reference, a list, JSON), or needs a permission
/// to be read.
void complete_label(Model& model, const Description& description);

/// The label as it is described: "{code} {name}".
std::string label_text(const Model& model);

/// What the row of that alias is called: a text of at most 200 characters; the noun where its fields hold
/// nothing.
Sql label_sql(const Model& model, std::string_view alias);

/// The noun in words: "saved view".
std::string noun_of(const Model& model);

/// What a record is called among others: "project HARVEST-26 Harvest campaign"; the noun alone where there is
/// no such row. Throws Invalid where its model carries nothing.
std::string label_of(ReadTx& tx, const Record& record);

}  // namespace tamiti
