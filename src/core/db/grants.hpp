#pragma once

#include <string>

#include "core/db/connection.hpp"

namespace tamiti::db {

/// Gives the program's role what it needs on the tables of the schema public and takes away the rest: reading
/// and changing rows of tables; reading and adding where the table's comment contains "append-only"; nothing
/// where it contains "migrator-only", except reading core_migration; reading views; using sequences. Does
/// nothing when that role owns the tables. Throws Error where the role doesn't exist.
void grant_rights(Connection& connection, const std::string& role);

}  // namespace tamiti::db
