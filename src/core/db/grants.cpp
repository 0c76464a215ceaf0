#include "core/db/grants.hpp"

namespace tamiti::db {
namespace {

// One statement for each relation that the current role owns. Partitions need none of their own but get them,
// so that a statement on one of them meets the same rights.
constexpr const char* table_grants = R"(
    SELECT format('REVOKE ALL ON TABLE %1$I.%2$I FROM %3$I', n.nspname, c.relname, $1::text)
        || CASE WHEN rights = '' THEN ''
                ELSE format('; GRANT %4$s ON TABLE %1$I.%2$I TO %3$I', n.nspname, c.relname, $1::text, rights) END
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT coalesce(obj_description(c.oid, 'pg_class'), '') AS comment) AS described
    CROSS JOIN LATERAL (SELECT CASE
        WHEN c.relname = 'core_migration' OR c.relkind IN ('v', 'm') THEN 'SELECT'
        WHEN comment LIKE '%migrator-only%' THEN ''
        WHEN comment LIKE '%trigger-written%' THEN 'SELECT'
        WHEN comment LIKE '%append-only%' THEN 'SELECT, INSERT'
        ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS rights) AS granted
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(c.relowner, 'USAGE')
    ORDER BY c.relname)";

constexpr const char* sequence_grants = R"(
    SELECT format('GRANT USAGE ON SEQUENCE %I.%I TO %I', n.nspname, c.relname, $1::text)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'S' AND pg_has_role(c.relowner, 'USAGE'))";

}  // namespace

void grant_rights(Connection& connection, const std::string& role) {
    const auto same =
        connection.run("SELECT pg_has_role($1::name, current_user::name, 'USAGE')", Params::of(role));
    if (same[0].boolean(0)) return;
    std::string script = "BEGIN;";
    for (const auto* query : {table_grants, sequence_grants}) {
        for (const auto row : connection.run(query, Params::of(role))) script.append(row.text(0)).append(";");
    }
    connection.run_script(script + "COMMIT");
}

}  // namespace tamiti::db
