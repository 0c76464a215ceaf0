#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/db/connection.hpp"

namespace tamiti::db {

/// One reviewed SQL file of an app, embedded in the program.
struct Migration {
    std::string app;   ///< "projects"; the engine's own are under "core"
    std::string name;  ///< "0001_projects"
    std::string sql;
};

/// Every migration that was built in, unordered.
const std::vector<Migration>& embedded_migrations();

/// What applying did.
struct MigrationReport {
    std::vector<std::string> applied;  ///< "projects/0001_projects"
};

/// Applies what is missing: the engine's own first, then each app's in the given order, each by number and
/// each in a transaction of its own. One migrator at a time (advisory lock); lock_timeout 2 s with jittered
/// retries. Refuses with std::runtime_error and changes nothing when an applied migration's text has changed
/// (SHA-256 checksum) or the database has migrations of those apps that this program doesn't know. Afterwards
/// grants the program's role (`app_role`, skipped when empty) SELECT, INSERT, UPDATE, DELETE on all tables
/// and USAGE on sequences, except on tables whose comment contains "append-only" (SELECT, INSERT) or
/// "migrator-only" (none). `progress` is told each name before it is applied. `guarded` says, as JSON, which
/// columns need which permission to be read: changes of nothing else are counted for those without it.
MigrationReport migrate(Connection& connection, const std::vector<Migration>& migrations,
                        const std::vector<std::string>& app_order, const std::string& app_role,
                        const std::function<void(const std::string&)>& progress = {},
                        const std::string& guarded = {});

/// Names of migrations not yet applied, in order.
std::vector<std::string> pending(Connection& connection, const std::vector<Migration>& migrations,
                                 const std::vector<std::string>& app_order);

}  // namespace tamiti::db
