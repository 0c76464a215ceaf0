#pragma once

#include <string>
#include <vector>

#include "core/db/connection.hpp"
#include "core/model/catalogue.hpp"

namespace tamiti {

/// How the migrated tables differ from the descriptions.
struct SchemaReport {
    std::vector<std::string> faults{};  ///< sentences, in the order of the models
    std::string draft{};  ///< SQL that would mend them, to be reviewed before it becomes a migration
};

/// Compares every model's description with the catalogue: table, columns, types, nullability, foreign keys
/// with their delete rule, named checks (or the triggers that keep them) and unique constraints, what its
/// rows are found by, an index that begins with each column that is filtered or sorted by, and one of every
/// row for each reference, list of references and record, by which uses are found. Derived fields have no
/// column; each is asked for once.
SchemaReport compare_schema(db::Connection& connection, const Catalogue& catalogue);

}  // namespace tamiti
