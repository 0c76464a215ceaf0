#include "apps/auth/service.hpp"

namespace tamiti::auth {
namespace {

/// The rows of a query as an array of objects whose members are the query's columns.
void write_query(ReadTx& tx, std::string_view name, const Sql& sql, json::Writer& writer) {
    writer.key(name);
    writer.raw(tx.value<std::string>({"SELECT coalesce(json_agg(each), '[]')::text FROM ({}) AS each", sql}));
}

}  // namespace

void set_password(Tx& tx, Id<users::User> account, const std::string& hash) {
    tx.execute({R"(INSERT INTO auth_password (account, hash, changed_at) VALUES ({}, {}, {})
                   ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at)",
                account, hash, tx.now()});
}

Sql successful_sign_ins() {
    return {"(SELECT account, kind, at FROM auth_sign_in WHERE succeeded)"};
}

void write_personal_rows(ReadTx& tx, Id<users::User> person, int most, json::Writer& writer) {
    write_query(tx, "sessions",
                {R"(SELECT created_at, device, address, last_used_at, expires_at, ended_at, end_reason
                    FROM auth_session WHERE account = {} ORDER BY created_at DESC LIMIT {})",
                 person, most},
                writer);
    write_query(tx, "sign_ins",
                {R"(SELECT at, kind, succeeded, reason, address, device FROM auth_sign_in WHERE account = {}
                    ORDER BY at DESC LIMIT {})",
                 person, most},
                writer);
    write_query(tx, "tokens",
                {R"(SELECT created_at, name, grants, expires_at, revoked_at FROM auth_personal_token
                    WHERE account = {} ORDER BY created_at DESC LIMIT {})",
                 person, most},
                writer);
}

}  // namespace tamiti::auth
