#include "apps/people/service_personal_data.hpp"

#include "apps/auth/service.hpp"
#include "apps/people/jobs.hpp"
#include "apps/people/personal_rows.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/jobs/job.hpp"
#include "core/model/member.hpp"
#include "core/model/stored_settings.hpp"
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

/// What the person changed, as the trail has it.
void write_changes(ReadTx& tx, Id<users::User> person, json::Writer& writer) {
    writer.key("changes_made");
    writer.raw(tx.value<std::string>({R"(SELECT coalesce(json_agg(each), '[]')::text
            FROM (SELECT at, verb, table_name, row_id, address, via FROM core_audit
                  WHERE actor = {} ORDER BY id DESC LIMIT {}) AS each)",
                                      person, most_entries}));
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
    writer.key("settings");
    write_settings_of(tx, person.id.value, writer);
    write_changes(tx, person.id, writer);
    writer.end_object();
    return out;
}

PersonalData stored(ReadTx& tx, const Uuid& person) {
    auto data = tx.find_one<PersonalData>(
                      Sql{R"(SELECT state, requested_at, ready_at, expires_at, document FROM people_export
                             WHERE person = {} AND (expires_at IS NULL OR expires_at > {}))",
                          person, tx.now()})
                    .value_or(PersonalData{});
    if (data.state == ExportState::pending &&
        (*data.requested_at < tx.now() - patience || *data.requested_at > tx.now() + clock_error))
        data.state = ExportState::failed;
    return data;
}

}  // namespace

PersonalData request_personal_data(Tx& tx, const Actor& who) {
    require_oneself(who);
    require(tx.site(), exports_of_one, who.id.text());
    const int begun = tx.execute({R"(INSERT INTO people_export AS known (person, requested_at) VALUES ({}, {})
                                     ON CONFLICT (person) DO UPDATE
                                     SET state = 'pending', requested_at = excluded.requested_at, ready_at = NULL,
                                         expires_at = NULL, document = NULL
                                     WHERE known.state <> 'pending'
                                       OR known.requested_at NOT BETWEEN {} AND {})",
                                  who.id, tx.now(), tx.now() - patience, tx.now() + clock_error});
    if (begun > 0) tx.enqueue(GatherPersonalData{{who.id}}, {.unique_key = who.id.text()});
    return stored(tx, who.id);
}

PersonalData personal_data(ReadTx& tx, const Actor& who) {
    require_oneself(who);
    return stored(tx, who.id);
}

bool keep_document(Tx& tx, const users::User& person) {
    return tx.execute(
               {R"(UPDATE people_export SET state = 'ready', document = {}, ready_at = {}, expires_at = {}
                          WHERE person = {} AND state = 'pending')",
                document_of(tx, person), tx.now(), tx.now() + kept, person.id}) > 0;
}

}  // namespace tamiti::people
