#include "tests/support/matrix/samples.hpp"
#include "core/base/uuid.hpp"

namespace tamiti::test {
namespace {

/// Rows that are nobody's: the same for everybody.
std::map<std::string, Kinds> rows_of(const std::string& path, const std::string& statement) {
    Kinds kinds = {{"deleted", Uuid::make().text()}};
    for (const char* kind : {"own", "team", "other"}) {
        kinds[kind] = Uuid::make().text();
        change_rows(statement, {kinds[kind]});
    }
    return {{path, kinds}};
}

std::map<std::string, Kinds> make_jobs() {
    return rows_of("/operations/jobs",
                   "INSERT INTO core_job (id, kind, arguments, state, finished_at) "
                   "VALUES ($1, 'core.purge_trash', '{}', 'dead', now())");
}

std::map<std::string, Kinds> make_mails() {
    return rows_of("/operations/mails",
                   "INSERT INTO core_mail (id, recipient, subject, template, language, state, sent_at) "
                   "VALUES ($1, 'ada@studio.example', 'Hello', 'mention', 'en', 'sent', now())");
}

void make_dead(const std::string& id) {
    change_rows("UPDATE core_job SET state = 'dead', finished_at = now() WHERE id = $1", {id});
}

void make_wait(const std::string& id) {
    change_rows(
        "UPDATE core_job SET state = 'waiting', finished_at = NULL, run_at = now() + interval '1 day' "
        "WHERE id = $1",
        {id});
}

const Samples samples({{{"/operations/jobs"}, make_jobs}, {{"/operations/mails"}, make_mails}},
                      {{"GET /search", {.query = "?q=step"}},
                       {"GET /meta/{model}", {.text = "users.user"}},
                       {"POST /operations/jobs/{id}/retry", {.before = make_dead, .after = make_dead}},
                       {"POST /operations/jobs/{id}/cancel", {.before = make_wait, .after = make_dead}}});

}  // namespace
}  // namespace tamiti::test
