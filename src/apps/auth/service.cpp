#include "apps/auth/service.hpp"

namespace tamiti::auth {
namespace {

/// The rows of a query as an array of objects whose members are the query's columns; $1 is the person.
void write_query(ReadTx& tx, std::string_view name, const std::string& sql, Id<users::User> person, int most,
                 json::Writer& writer) {
    const db::Result found =
        tx.rows("SELECT coalesce(json_agg(each), '[]') FROM (" + sql + " LIMIT $2) AS each", person, most);
    writer.key(name);
    writer.raw(found[0].text(0));
}

}  // namespace

void set_password(Tx& tx, Id<users::User> account, const std::string& hash) {
    tx.execute(
        "INSERT INTO auth_password (account, hash, changed_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        account, hash, tx.now());
}

void write_personal_rows(ReadTx& tx, Id<users::User> person, int most, json::Writer& writer) {
    write_query(tx, "sessions",
                "SELECT created_at, device, address, last_used_at, expires_at, ended_at, end_reason "
                "FROM auth_session WHERE account = $1 ORDER BY created_at DESC",
                person, most, writer);
    write_query(tx, "sign_ins",
                "SELECT at, kind, succeeded, reason, address, device FROM auth_sign_in WHERE account = $1 "
                "ORDER BY at DESC",
                person, most, writer);
    write_query(tx, "tokens",
                "SELECT created_at, name, grants, expires_at, revoked_at FROM auth_personal_token "
                "WHERE account = $1 ORDER BY created_at DESC",
                person, most, writer);
}

}  // namespace tamiti::auth
