#include "apps/people/service_personal_data.hpp"

#include "apps/auth/sign_in/accounts.hpp"
#include "apps/users/service.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/jobs/job.hpp"
#include "core/mail/mail.hpp"
#include "core/model/member.hpp"
#include "core/program/app.hpp"

namespace tamiti::auth {
namespace {

constexpr Limit exports_of_one{"personal_data", 5, std::chrono::hours(24)};
constexpr std::chrono::days kept{7};
constexpr std::chrono::hours patience{1};
constexpr int most_entries = 20'000;  // of sessions, sign-ins, tokens and changes; the newest

/// What the document says of itself: it is made and kept in one piece, so it can't hold everything.
std::string sentence_of(const users::RecordBounds& bounds) {
    return "Of each kind of record the newest " + grouped(static_cast<std::uint64_t>(bounds.rows)) +
           " rows are here as long as all of them stay below " + std::to_string(bounds.bytes >> 20) +
           " MiB, and left_out counts the others; of sessions, sign-ins, tokens and changes the newest " +
           grouped(most_entries) + " are here. Ask the studio for what is missing.";
}

void require_oneself(const Actor& who) {
    if (!who.viewed_by.is_nil())
        throw Forbidden("access.denied", "Only the person themselves may have their data.");
}

std::optional<Timestamp> time_in(const db::Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return stored_timestamp(row.text(column));
}

/// The rows of a query as an array of objects whose members are the query's columns.
void write_query(ReadTx& tx, std::string_view name, const std::string& sql, Id<users::User> person,
                 json::Writer& writer) {
    const db::Result found =
        tx.rows("SELECT coalesce(json_agg(each), '[]') FROM (" + sql + ") AS each", person);
    writer.key(name);
    writer.raw(found[0].text(0));
}

std::string document_of(ReadTx& tx, const users::User& person) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("made_at");
    writer.string(format(tx.now()));
    writer.key("studio");
    writer.string(tx.site().name);
    writer.key("bounds");
    const users::RecordBounds bounds;
    writer.string(sentence_of(bounds));
    users::write_personal_rows(tx, person, writer, bounds);
    write_query(tx, "sessions",
                "SELECT created_at, device, address, last_used_at, expires_at, ended_at, end_reason "
                "FROM auth_session WHERE account = $1 ORDER BY created_at DESC LIMIT " +
                    std::to_string(most_entries),
                person.id, writer);
    write_query(tx, "sign_ins",
                "SELECT at, kind, succeeded, reason, address, device FROM auth_sign_in WHERE account = $1 "
                "ORDER BY at DESC LIMIT " +
                    std::to_string(most_entries),
                person.id, writer);
    write_query(tx, "tokens",
                "SELECT created_at, name, grants, expires_at, revoked_at FROM auth_personal_token "
                "WHERE account = $1 ORDER BY created_at DESC LIMIT " +
                    std::to_string(most_entries),
                person.id, writer);
    write_query(tx, "changes_made",
                "SELECT at, verb, table_name, row_id, address, via FROM core_audit WHERE actor = $1 "
                "ORDER BY id DESC LIMIT " +
                    std::to_string(most_entries),
                person.id, writer);
    writer.end_object();
    return out;
}

PersonalData stored(ReadTx& tx, const Uuid& person) {
    const db::Result found = tx.rows(
        "SELECT state, requested_at, ready_at, expires_at, document FROM auth_export WHERE person = $1 "
        "AND (expires_at IS NULL OR expires_at > $2)",
        person, tx.now());
    PersonalData data;
    if (found.empty()) return data;
    data.state = enum_value<ExportState>(found[0].text(0));
    data.requested_at = time_in(found[0], 1);
    if (data.state == ExportState::pending && *data.requested_at < tx.now() - patience)
        data.state = ExportState::failed;
    data.ready_at = time_in(found[0], 2);
    data.expires_at = time_in(found[0], 3);
    if (!found[0].is_null(4)) data.document = Json{std::string(found[0].text(4))};
    return data;
}

}  // namespace

PersonalData request_personal_data(Tx& tx, const Actor& who) {
    require_oneself(who);
    require(tx.site(), exports_of_one, who.id.text());
    const bool is_new =
        tx.execute(
              "INSERT INTO auth_export AS known (person, requested_at) VALUES ($1, $2) ON CONFLICT (person) "
              "DO UPDATE SET state = 'pending', requested_at = $2, ready_at = NULL, expires_at = NULL, "
              "document = NULL WHERE known.state <> 'pending' OR known.requested_at < $3",
              who.id, tx.now(), tx.now() - patience)
            .affected() > 0;
    if (is_new) tx.enqueue(GatherPersonalData{{who.id}}, {.unique_key = who.id.text()});
    return stored(tx, who.id);
}

PersonalData personal_data(ReadTx& tx, const Actor& who) {
    require_oneself(who);
    return stored(tx, who.id);
}

JobResult gather_personal_data(Tx& tx, const GatherPersonalData& job) {
    const auto person = tx.find(job.person);
    const auto account = account_of(tx, job.person);
    if (!person || !account || person->erased_at) return cancel("The person's data were erased.");
    const int changed =
        tx.execute(
              "UPDATE auth_export SET state = 'ready', document = $2, ready_at = $3, expires_at = $4 "
              "WHERE person = $1 AND state = 'pending'",
              job.person, document_of(tx, *person), tx.now(), tx.now() + kept)
            .affected();
    if (changed == 0) return cancel("Nobody waits for this export any more.");
    mail::send(tx, {.to = account->address,
                    .template_name = "export_ready",
                    .values = {{"name", account->name}, {"link", mail::link(tx.site(), "/account/data")}},
                    .language = account->language});
    return done();
}

JobResult forget_exports(Tx& tx, const ForgetExports&) {
    tx.execute("DELETE FROM auth_export WHERE expires_at <= $1", tx.now());
    return done();
}

}  // namespace tamiti::auth
