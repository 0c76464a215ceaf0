#include "core/db/migrations.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <stdexcept>

#include "core/db/error.hpp"
#include "core/db/grants.hpp"
#include "core/db/migration_text.hpp"
#include "core/db/pause.hpp"

namespace tamiti::db {
namespace {

using namespace std::chrono_literals;

constexpr int most_attempts = 10;
constexpr auto lock_patience = 10min;

std::string name_of(const Migration& migration) {
    return migration.app + "/" + migration.name;
}

/// The right to migrate, and a session without the limits that requests have. Both end with the object.
class Migrator {
public:
    explicit Migrator(Connection& connection) : connection_(connection) {
        connection_.run_script(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = "
            "'2s'");
        // Asked again and again rather than waited for: a waiting statement holds a snapshot, and the other
        // migrator's CREATE INDEX CONCURRENTLY would wait for that.
        const auto give_up = std::chrono::steady_clock::now() + lock_patience;
        while (
            connection_.run("SELECT pg_try_advisory_lock(hashtext('tamiti'), hashtext('migrate'))")[0].text(
                0) != "t") {
            if (std::chrono::steady_clock::now() > give_up) {
                throw std::runtime_error(
                    "Another migration has been running for ten minutes; look at it first.");
            }
            pause(100ms, 300ms);
        }
    }
    ~Migrator() {
        try {
            if (connection_.in_transaction()) connection_.run_script("ROLLBACK");
            connection_.run("SELECT pg_advisory_unlock(hashtext('tamiti'), hashtext('migrate'))");
            connection_.run_script(
                "RESET statement_timeout; RESET idle_in_transaction_session_timeout; RESET lock_timeout");
        } catch (const Error&) {
            // The session is gone, and with it the lock and the settings.
        }
    }
    Migrator(const Migrator&) = delete;
    Migrator& operator=(const Migrator&) = delete;

private:
    Connection& connection_;
};

using Checksums = std::map<std::string, std::string>;  // "app/name" → checksum

Checksums applied_in(Connection& connection) {
    Checksums applied;
    if (connection.run("SELECT to_regclass('public.core_migration')")[0].is_null(0)) return applied;
    for (const auto row : connection.run("SELECT app || '/' || name, checksum FROM core_migration")) {
        applied.emplace(row.text(0), row.text(1));
    }
    return applied;
}

// The engine's own first, then the apps' in their order, each by name.
std::vector<Migration> in_order(const std::vector<Migration>& migrations,
                                const std::vector<std::string>& app_order) {
    std::vector<std::string> apps{"core"};
    apps.insert(apps.end(), app_order.begin(), app_order.end());
    std::vector<Migration> ordered;
    for (const auto& app : apps) {
        const auto first = static_cast<std::ptrdiff_t>(ordered.size());
        std::ranges::copy_if(migrations, std::back_inserter(ordered),
                             [&](const auto& each) { return each.app == app; });
        std::ranges::sort(ordered.begin() + first, ordered.end(), {}, &Migration::name);
    }
    return ordered;
}

void refuse_strange_history(const Checksums& applied, const std::vector<Migration>& known,
                            const std::vector<std::string>& app_order) {
    Checksums expected;
    for (const auto& migration : known) expected.emplace(name_of(migration), checksum_of(migration.sql));
    const std::set<std::string> apps(app_order.begin(), app_order.end());
    for (const auto& [name, checksum] : applied) {
        const auto app = name.substr(0, name.find('/'));
        if (app != "core" && !apps.contains(app))
            continue;  // an app that is no longer installed keeps its tables
        const auto found = expected.find(name);
        if (found == expected.end()) {
            throw std::runtime_error("The database has the migration " + name +
                                     ", which this program doesn't know: it is older than the database.");
        }
        if (found->second != checksum) {
            throw std::runtime_error("The migration " + name +
                                     " was changed after it was applied. Put its text back and " +
                                     "write a new migration for the change.");
        }
    }
}

void note(Connection& connection, const Migration& migration) {
    connection.run("INSERT INTO core_migration (app, name, checksum) VALUES ($1, $2, $3)",
                   Params::of(migration.app, migration.name, checksum_of(migration.sql)));
}

void apply_in_transaction(Connection& connection, const Migration& migration) {
    connection.run_script("BEGIN");
    connection.run_script(migration.sql);
    if (!connection.in_transaction()) {
        throw std::runtime_error(
            "The migration " + name_of(migration) +
            " ends its own transaction; only one that begins with '-- no transaction' may.");
    }
    note(connection, migration);
    connection.run_script("COMMIT");
}

// What CREATE INDEX CONCURRENTLY leaves behind when it fails. IF NOT EXISTS would take it for the real one.
void drop_invalid_indexes(Connection& connection, const std::string& sql) {
    const auto rows = connection.run(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT i.indisvalid AND n.nspname = 'public' AND position(c.relname in $1) > 0",
        Params::of(sql));
    for (const auto row : rows) {
        connection.run_script("DROP INDEX CONCURRENTLY IF EXISTS " + std::string(row.text(0)));
    }
}

// Statement by statement: several at once would be one transaction after all.
void apply_without_transaction(Connection& connection, const Migration& migration) {
    drop_invalid_indexes(connection, migration.sql);
    for (const auto& statement : split_statements(migration.sql)) connection.run_script(statement);
    note(connection, migration);
}

bool is_passing(const Error& error) {
    return error.sqlstate == "55P03" || error.is_retryable();
}

void apply(Connection& connection, const Migration& migration) {
    for (int attempt = 1;; ++attempt) {
        try {
            if (runs_without_transaction(migration.sql)) {
                apply_without_transaction(connection, migration);
            } else {
                apply_in_transaction(connection, migration);
            }
            return;
        } catch (const Error& error) {
            if (connection.is_open() && connection.in_transaction()) connection.run_script("ROLLBACK");
            // Somebody holds the table. Waiting longer would make everybody else queue behind us.
            if (is_passing(error) && attempt < most_attempts) {
                pause(100ms * attempt, 300ms * attempt);
                continue;
            }
            throw Error("The migration " + name_of(migration) + " failed: " + error.what(), error.sqlstate,
                        error.constraint, error.table, error.column);
        }
    }
}

// Tables that a migration made, or whose columns it changed, get the trigger that writes their history.
void attach_audit(Connection& connection, const std::string& guarded) {
    if (connection.run("SELECT to_regprocedure('public.core_audit_attach()')")[0].is_null(0)) return;
    if (!guarded.empty()) connection.run("SELECT public.core_guard($1::jsonb)", Params::of(guarded));
    for (int attempt = 1;; ++attempt) {
        try {
            connection.run("SELECT public.core_audit_attach()");
            return;
        } catch (const Error& error) {
            if (!is_passing(error) || attempt == most_attempts) throw;
            pause(100ms * attempt, 300ms * attempt);
        }
    }
}

constexpr const char* create_table =
    "CREATE TABLE IF NOT EXISTS core_migration ("
    " app text NOT NULL, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT "
    "now(),"
    " PRIMARY KEY (app, name));"
    "COMMENT ON TABLE core_migration IS 'Which migrations were applied; migrator-only, others may read it.'";

}  // namespace

MigrationReport migrate(Connection& connection, const std::vector<Migration>& migrations,
                        const std::vector<std::string>& app_order, const std::string& app_role,
                        const std::function<void(const std::string&)>& progress, const std::string& guarded) {
    const Migrator migrator(connection);
    const auto ordered = in_order(migrations, app_order);
    auto applied = applied_in(connection);
    refuse_strange_history(applied, ordered, app_order);
    if (applied.empty()) connection.run_script(create_table);
    MigrationReport report;
    for (const auto& migration : ordered) {
        const auto name = name_of(migration);
        if (applied.contains(name)) continue;
        if (progress) progress(name);
        apply(connection, migration);
        report.applied.push_back(name);
    }
    attach_audit(connection, guarded);
    if (!app_role.empty()) grant_rights(connection, app_role);
    return report;
}

std::vector<std::string> pending(Connection& connection, const std::vector<Migration>& migrations,
                                 const std::vector<std::string>& app_order) {
    const auto applied = applied_in(connection);
    std::vector<std::string> names;
    for (const auto& migration : in_order(migrations, app_order)) {
        if (!applied.contains(name_of(migration))) names.push_back(name_of(migration));
    }
    return names;
}

}  // namespace tamiti::db
