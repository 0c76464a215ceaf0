#include "core/jobs/store.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/jobs/kinds.hpp"

namespace tamiti::jobs {
namespace {

constexpr std::size_t longest_error = 2000;

constexpr std::string_view finish_done = R"(
    UPDATE core_job AS j SET state = 'done', worker = NULL, lease_token = NULL, finished_at = clock_timestamp()
    FROM unnest($1::uuid[], $2::bigint[]) AS ended (id, token)
    WHERE j.id = ended.id AND j.lease_token = ended.token)";

// A job that somebody wants cancelled is not tried again.
constexpr std::string_view finish_other = R"(
    UPDATE core_job AS j SET
        state = CASE WHEN ended.state = 'waiting' AND j.cancel_requested THEN 'cancelled' ELSE ended.state END,
        worker = NULL, lease_token = NULL,
        attempt = j.attempt - CASE WHEN ended.counts THEN 0 ELSE 1 END,
        rescues = CASE WHEN ended.isolated THEN greatest(j.rescues, 2) ELSE j.rescues END,
        run_at = CASE WHEN ended.state = 'waiting'
            THEN clock_timestamp() + make_interval(secs => ended.delay) ELSE j.run_at END,
        last_error = coalesce(nullif(ended.why, ''), j.last_error),
        finished_at = CASE WHEN ended.state <> 'waiting' OR j.cancel_requested THEN clock_timestamp() END
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::double precision[], $5::text[], $6::boolean[],
        $7::boolean[]) AS ended (id, token, state, delay, why, counts, isolated)
    WHERE j.id = ended.id AND j.lease_token = ended.token)";

constexpr std::string_view unblock_keys =
    "SELECT core_job_unblock(key) FROM (SELECT DISTINCT unnest($1::text[]) AS key) AS ended ORDER BY key";

// Queues take turns; within a queue the priority decides, then the time. Of jobs with a serial key only one
// is ever claimable: no earlier one is unfinished, and none runs that was made earlier but committed later.
constexpr std::string_view claim = R"(
    WITH wanted AS (
        SELECT name, free FROM unnest($2::text[], $3::bigint[]) AS wanted (name, free)
    ), due AS MATERIALIZED (
        SELECT found.id, row_number() OVER (PARTITION BY wanted.name
            ORDER BY found.priority DESC, found.run_at, found.seq) AS turn
        FROM wanted CROSS JOIN LATERAL (
            SELECT j.id, j.priority, j.run_at, j.seq FROM core_job AS j
            WHERE j.state = 'waiting' AND j.queue = wanted.name AND j.run_at <= now() AND j.kind = ANY ($4::text[])
                AND (j.serial_key IS NULL OR NOT EXISTS (
                    SELECT FROM core_job AS earlier WHERE earlier.serial_key = j.serial_key AND earlier.seq < j.seq
                        AND earlier.state IN ('waiting', 'blocked', 'running'))
                    AND NOT EXISTS (SELECT FROM core_job AS other
                        WHERE other.serial_key = j.serial_key AND other.state = 'running'))
            ORDER BY j.priority DESC, j.run_at, j.seq
            LIMIT wanted.free FOR NO KEY UPDATE OF j SKIP LOCKED) AS found
    ), chosen AS (
        SELECT id, turn FROM due ORDER BY turn LIMIT $5
    )
    UPDATE core_job AS j SET state = 'running', attempt = j.attempt + 1, worker = $1,
        lease_token = nextval('core_job_lease'), started_at = clock_timestamp()
    FROM chosen WHERE j.id = chosen.id
    RETURNING j.id, j.lease_token, j.kind, j.arguments, j.queue, coalesce(j.serial_key, ''), j.version, j.attempt,
        j.max_attempts, j.rescues, chosen.turn)";

constexpr std::string_view held = R"(
    SELECT id, lease_token, kind, arguments, queue, coalesce(serial_key, ''), version, attempt, max_attempts, rescues
    FROM core_job WHERE id = $1 AND lease_token = $2)";

constexpr std::string_view rescue_orphans = R"(
    UPDATE core_job AS j SET worker = NULL, lease_token = NULL, attempt = j.attempt - 1, rescues = j.rescues + 1,
        state = CASE WHEN j.cancel_requested THEN 'cancelled' ELSE 'waiting' END,
        finished_at = CASE WHEN j.cancel_requested THEN clock_timestamp() END,
        last_error = 'Its worker ended or stood still.'
    WHERE j.id IN (
        SELECT o.id FROM core_job AS o
        WHERE o.state = 'running' AND NOT EXISTS (
            SELECT FROM core_worker AS w WHERE w.id = o.worker AND w.lease_until > clock_timestamp())
        FOR NO KEY UPDATE OF o SKIP LOCKED)
    RETURNING j.kind)";

// Looks at each serial key once, however many jobs are behind it.
constexpr std::string_view unblock_forgotten = R"(
    WITH RECURSIVE keys AS (
        (SELECT serial_key FROM core_job WHERE state = 'blocked' ORDER BY serial_key LIMIT 1)
        UNION ALL
        SELECT (SELECT serial_key FROM core_job WHERE state = 'blocked' AND serial_key > keys.serial_key
            ORDER BY serial_key LIMIT 1)
        FROM keys WHERE keys.serial_key IS NOT NULL
    )
    SELECT core_job_unblock(keys.serial_key) FROM keys
    WHERE keys.serial_key IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_job WHERE serial_key = keys.serial_key AND state IN ('waiting', 'running')))";

// An old program must not bury what a newer one made, however slowly an update is rolled out.
constexpr std::string_view bury_unknown = R"(
    UPDATE core_job SET state = 'dead', finished_at = clock_timestamp(),
        last_error = 'No running program knows the kind ' || kind || '.'
    WHERE state = 'waiting' AND run_at < now() - interval '1 day' AND kind <> ALL ($1::text[]))";

constexpr std::string_view move_queues = R"(
    UPDATE core_job AS j SET queue = known.queue FROM unnest($1::text[], $2::text[]) AS known (kind, queue)
    WHERE j.state = 'waiting' AND j.kind = known.kind AND j.queue <> ALL ($2::text[]))";

// A worker that lives renews its lease within a second; the lease of one that is gone runs out.
constexpr std::string_view cut_leases = R"(
    UPDATE core_worker SET lease_until = clock_timestamp() + make_interval(secs => $1)
    WHERE lease_until > clock_timestamp() + make_interval(secs => $2))";

// What was made or tried ahead of time waits for a time that was reckoned from then.
constexpr std::string_view bring_back = R"(
    UPDATE core_job AS j SET run_at = j.run_at - (greatest(j.created_at, j.started_at) - clock_timestamp()),
        created_at = least(j.created_at, clock_timestamp()),
        started_at = CASE WHEN j.started_at IS NOT NULL THEN least(j.started_at, clock_timestamp()) END
    WHERE j.id IN (
        SELECT id FROM (SELECT id FROM core_job WHERE state = 'waiting'
            AND greatest(created_at, started_at) > clock_timestamp() + make_interval(secs => $1)
            FOR NO KEY UPDATE SKIP LOCKED) AS waiting
        UNION ALL
        SELECT id FROM (SELECT id FROM core_job WHERE state = 'blocked'
            AND greatest(created_at, started_at) > clock_timestamp() + make_interval(secs => $1)
            FOR NO KEY UPDATE SKIP LOCKED) AS blocked))";

constexpr std::string_view add_to_totals = R"(
    INSERT INTO core_job_total (kind, outcome, count)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS counted (kind, outcome, count) ORDER BY 1, 2
    ON CONFLICT (kind, outcome) DO UPDATE SET count = core_job_total.count + EXCLUDED.count)";

std::string_view name_of(Outcome::Next next) {
    switch (next) {
        case Outcome::Next::done:
            return "done";
        case Outcome::Next::cancelled:
            return "cancelled";
        case Outcome::Next::dead:
            return "dead";
        case Outcome::Next::waiting:
            return "waiting";
    }
    return "dead";
}

Claimed claimed_from(const db::Row& row) {
    Claimed job;
    job.id = Uuid::parse(row.text(0)).value();
    job.token = row.integer(1);
    job.kind = row.text(2);
    job.arguments = row.text(3);
    job.queue = row.text(4);
    job.serial_key = row.text(5);
    job.version = static_cast<int>(row.integer(6));
    job.attempt = static_cast<int>(row.integer(7));
    job.max_attempts = static_cast<int>(row.integer(8));
    job.rescues = static_cast<int>(row.integer(9));
    return job;
}

/// Outcomes as the parameters of their statements.
struct Columns {
    std::vector<std::string> done_ids{}, done_tokens{};
    std::vector<std::string> ids{}, tokens{}, states{}, delays{}, reasons{}, counts{}, isolated{};
    std::vector<std::string> keys{};

    void add(const Outcome& outcome) {
        if (outcome.next != Outcome::Next::waiting && !outcome.serial_key.empty())
            keys.push_back(outcome.serial_key);
        if (outcome.next == Outcome::Next::done) {
            done_ids.push_back(outcome.id.text());
            done_tokens.push_back(std::to_string(outcome.token));
            return;
        }
        ids.push_back(outcome.id.text());
        tokens.push_back(std::to_string(outcome.token));
        states.emplace_back(name_of(outcome.next));
        delays.push_back(std::to_string(outcome.delay));
        reasons.push_back(kept_text(outcome.why));
        counts.emplace_back(outcome.counts ? "t" : "f");
        isolated.emplace_back(outcome.isolated ? "t" : "f");
    }
};

}  // namespace

Known::Known(const JobKinds& declared) {
    for (const JobKind* kind : declared.all()) {
        kinds.push_back(kind->name);
        queue_of_kind.push_back(kind->rules.queue);
        if (std::find(queues.begin(), queues.end(), kind->rules.queue) == queues.end())
            queues.push_back(kind->rules.queue);
    }
}

std::vector<Claimed> exchange(db::Connection& connection, const std::vector<Outcome>& outcomes,
                              const Order* order, const Known& known) {
    Columns columns;
    for (const Outcome& outcome : outcomes) columns.add(outcome);
    std::vector<db::Statement> statements;
    db::Params done, other, keys, wanted;
    if (!columns.done_ids.empty()) {
        done = db::Params::of(columns.done_ids, columns.done_tokens);
        statements.push_back({finish_done, &done});
    }
    if (!columns.ids.empty()) {
        other = db::Params::of(columns.ids, columns.tokens, columns.states, columns.delays, columns.reasons,
                               columns.counts, columns.isolated);
        statements.push_back({finish_other, &other});
    }
    if (!columns.keys.empty()) {
        keys = db::Params::of(columns.keys);
        statements.push_back({unblock_keys, &keys});
    }
    if (order != nullptr) {
        wanted = db::Params::of(order->worker, order->queues, order->free, known.kinds, order->most);
        statements.push_back({claim, &wanted});
    }
    const auto results = connection.run_all(statements);
    if (order == nullptr) return {};
    // RETURNING has no order of its own.
    std::vector<std::pair<std::int64_t, Claimed>> by_turn;
    for (const auto row : results.back()) by_turn.emplace_back(row.integer(10), claimed_from(row));
    std::stable_sort(by_turn.begin(), by_turn.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<Claimed> claimed;
    for (auto& [turn, job] : by_turn) claimed.push_back(std::move(job));
    return claimed;
}

std::optional<Claimed> held_by(db::Connection& connection, const Uuid& job, std::int64_t token) {
    const auto rows = connection.run(held, db::Params::of(job, token));
    if (rows.empty()) return std::nullopt;
    return claimed_from(rows[0]);
}

void enrol(db::Connection& connection, const Uuid& worker, const std::string& place, int seconds) {
    connection.run(
        "INSERT INTO core_worker (id, place, lease_until)"
        " VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))",
        db::Params::of(worker, place, seconds));
}

bool renew(db::Connection& connection, const Uuid& worker) {
    return connection
               .run(
                   "UPDATE core_worker SET lease_until = clock_timestamp() + make_interval(secs => $2)"
                   " WHERE id = $1 AND lease_until > clock_timestamp()",
                   db::Params::of(worker, lease_seconds))
               .affected() == 1;
}

void leave(db::Connection& connection, const Uuid& worker) {
    connection.run("DELETE FROM core_worker WHERE id = $1", db::Params::of(worker));
}

std::vector<Holding> holdings(db::Connection& connection, const Uuid& worker) {
    std::vector<Holding> all;
    for (const auto row : connection.run(
             "SELECT id, lease_token, cancel_requested FROM core_job WHERE worker = $1 AND state = 'running'",
             db::Params::of(worker)))
        all.push_back({Uuid::parse(row.text(0)).value(), row.integer(1), row.boolean(2)});
    return all;
}

std::vector<std::string> rescue(db::Connection& connection) {
    std::vector<std::string> kinds;
    for (const auto row : connection.run(rescue_orphans)) kinds.emplace_back(row.text(0));
    return kinds;
}

int unblock(db::Connection& connection) {
    return connection.run(unblock_forgotten).size();
}

int mend_times(db::Connection& connection) {
    const auto error = std::chrono::seconds(clock_error).count();
    const int leases =
        connection.run(cut_leases, db::Params::of(lease_seconds, longest_lease_seconds + error)).affected();
    const int jobs = connection.run(bring_back, db::Params::of(error)).affected();
    if (leases + jobs > 0) log::error("jobs.times_ahead", {{"leases", leases}, {"jobs", jobs}});
    return leases + jobs;
}

int tidy(db::Connection& connection, const Known& known) {
    connection.run("DELETE FROM core_worker WHERE lease_until < clock_timestamp() - interval '1 minute'");
    connection.run(move_queues, db::Params::of(known.kinds, known.queue_of_kind));
    return connection.run(bury_unknown, db::Params::of(known.kinds)).affected();
}

void add_totals(db::Connection& connection, const std::vector<Outcome>& outcomes) {
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    for (const Outcome& outcome : outcomes) ++counts[{outcome.kind, outcome.counted}];
    std::vector<std::string> kinds, names, numbers;
    for (const auto& [key, count] : counts) {
        kinds.push_back(key.first);
        names.push_back(key.second);
        numbers.push_back(std::to_string(count));
    }
    if (!kinds.empty()) connection.run(add_to_totals, db::Params::of(kinds, names, numbers));
}

std::string kept_text(std::string text) {
    for (char& c : text)
        if (c == '\0') c = ' ';
    if (!is_utf8(text))
        for (char& c : text)
            if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    if (text.size() <= longest_error) return text;
    std::size_t end = longest_error;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    return text;
}

}  // namespace tamiti::jobs
