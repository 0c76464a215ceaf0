#include "apps/people/service_personal_data.hpp"

#include "apps/auth/service.hpp"
#include "apps/people/jobs.hpp"
#include "apps/people/personal_rows.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/jobs/job.hpp"
#include "core/model/member.hpp"
#include "core/program/app.hpp"

namespace tamiti::people {
namespace {

constexpr Limit exports_of_one{"personal_data", 5, std::chrono::hours(24)};
constexpr std::chrono::days kept{7};
constexpr std::chrono::hours patience{1};
constexpr int most_entries = 20'000;  // of sessions, sign-ins, tokens and changes; the newest

/// What the document says of itself: it is made and kept in one piece, so it can't hold everything.
std::string sentence_of(const RecordBounds& bounds) {
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

/// What the person changed, as the trail has it.
void write_changes(ReadTx& tx, Id<users::User> person, json::Writer& writer) {
    const db::Result found = tx.rows(
        "SELECT coalesce(json_agg(each), '[]') FROM (SELECT at, verb, table_name, row_id, address, via "
        "FROM core_audit WHERE actor = $1 ORDER BY id DESC LIMIT $2) AS each",
        person, most_entries);
    writer.key("changes_made");
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
    const RecordBounds bounds;
    writer.string(sentence_of(bounds));
    write_personal_rows(tx, person, writer, bounds);
    auth::write_personal_rows(tx, person.id, most_entries, writer);
    write_changes(tx, person.id, writer);
    writer.end_object();
    return out;
}

PersonalData stored(ReadTx& tx, const Uuid& person) {
    const db::Result found = tx.rows(
        "SELECT state, requested_at, ready_at, expires_at, document FROM people_export WHERE person = $1 "
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
              "INSERT INTO people_export AS known (person, requested_at) VALUES ($1, $2) ON CONFLICT "
              "(person) "
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

bool keep_document(Tx& tx, const users::User& person) {
    const db::Result kept_rows = tx.execute(
        "UPDATE people_export SET state = 'ready', document = $2, ready_at = $3, expires_at = $4 "
        "WHERE person = $1 AND state = 'pending'",
        person.id, document_of(tx, person), tx.now(), tx.now() + kept);
    return kept_rows.affected() > 0;
}

}  // namespace tamiti::people
