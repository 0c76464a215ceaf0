#include "core/engine/operations_jobs.hpp"

#include "core/base/log.hpp"
#include "core/jobs/single.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"

namespace tamiti::operations {
namespace {

const std::vector<std::string> states = {"waiting", "blocked", "running", "done", "cancelled", "dead"};

/// A text that is one of the states of a job.
Field state_field() {
    Field state = field<&JobQuery::state>(
        "state", {.help = "Those that aren't over, and dead letters, where it is left out."});
    state.type = &choice_type();
    state.choices = states;
    return state;
}

/// The newest jobs of one state, which is written out: so each is found by the index of its own.
Sql newest(const Sql& of_state, const JobQuery& query) {
    std::vector<Sql> conditions = {of_state};
    if (query.kind) conditions.push_back({"kind = {}", *query.kind});
    if (query.queue) conditions.push_back({"queue = {}", *query.queue});
    if (query.cursor) conditions.push_back({"id < {}", *query.cursor});
    return {
        R"((SELECT id, kind, queue, state, attempt, max_attempts, run_at, created_at, finished_at, last_error
                FROM core_job WHERE {} ORDER BY id DESC LIMIT {}))",
        db::join(conditions, " AND "), query.page_size + 1};
}

Sql wanted(const JobQuery& query) {
    const std::pair<std::string_view, Sql> each[] = {
        {"waiting", {"state = 'waiting'"}},     {"blocked", {"state = 'blocked'"}},
        {"running", {"state = 'running'"}},     {"dead", {"state = 'dead'"}},
        {"cancelled", {"state = 'cancelled'"}}, {"done", {"state = 'done'"}},
    };
    std::vector<Sql> parts;
    for (const auto& [state, condition] : each) {
        const bool is_over = state == "done" || state == "cancelled";
        if (query.state ? *query.state == state : !is_over) parts.push_back(newest(condition, query));
    }
    return db::join(parts, " UNION ALL ");
}

std::string link_to_next(const JobQuery& query, const Uuid& last) {
    QueryPairs pairs;
    if (query.state) pairs.emplace_back("state", *query.state);
    if (query.kind) pairs.emplace_back("kind", *query.kind);
    if (query.queue) pairs.emplace_back("queue", *query.queue);
    pairs.emplace_back("page_size", std::to_string(query.page_size));
    return page_link("/api/v1/operations/jobs", pairs, "cursor", last.text());
}

}  // namespace

const Shape& shape_of(tag<JobQuery>) {
    static const Shape shape = input<JobQuery>(
        {state_field(), field<&JobQuery::kind>("kind", {.max_length = 100, .help = "Such as `core.listen`."}),
         field<&JobQuery::queue>("queue", {.max_length = 100, .help = "Such as `mail`."}),
         field<&JobQuery::cursor>("cursor", {.help = "Jobs made before that one; follow `next`."}),
         field<&JobQuery::page_size>("page_size", {.minimum = "1", .maximum = "200"})});
    return shape;
}

const Shape& shape_of(tag<JobPage>) {
    static const Shape shape = answer<JobPage>(
        {field<&JobPage::next>("next", {.help = "The address of older ones; null where there are none."}),
         field<&JobPage::results>("results")});
    return shape;
}

JobPage list_jobs(ReadTx& tx, const Actor&, const JobQuery& query) {
    JobPage page;
    page.results = tx.all<JobLine>(
        {"SELECT * FROM ({}) AS job ORDER BY id DESC LIMIT {}", wanted(query), query.page_size + 1});
    const auto shown = static_cast<std::size_t>(query.page_size);
    if (page.results.size() > shown) {
        page.results.resize(shown);
        page.next = link_to_next(query, page.results.back().id);
    }
    return page;
}

JobSheet show_job(ReadTx& tx, const Actor&, Id<StoredJob> id) {
    const auto job = tx.find_one<JobSheet>(
        {R"(SELECT job.id, kind, arguments::text, version AS arguments_version, queue, priority, state, attempt, max_attempts,
                   rescues, run_at, unique_key, serial_key, place, cancel_requested, last_error, created_at,
                   job.started_at, finished_at
            FROM core_job AS job LEFT JOIN core_worker AS worker ON worker.id = job.worker WHERE job.id = {})",
         id.value});
    if (!job) throw NotFound("There is no such job; those that are over go after some days.");
    return *job;
}

JobSheet retry_job(Tx& tx, const Actor& who, Id<StoredJob> id) {
    show_job(tx, who, id);
    switch (jobs::retry_now(tx, id.value)) {
        case jobs::Retried::again:
            log::info("job_retried", {{"job", id.text()}, {"user", who.id.text()}});
            return show_job(tx, who, id);
        case jobs::Retried::done_by_another:
            throw Conflict("core.job_done_by_another",
                           "Another unfinished job has its unique key: that one does the same.");
        case jobs::Retried::nothing_to_do:
            break;
    }
    throw Conflict("core.job_state", "Only a dead, cancelled or waiting job can be run now.");
}

JobSheet cancel_job(Tx& tx, const Actor& who, Id<StoredJob> id) {
    show_job(tx, who, id);
    if (jobs::cancel_now(tx, id.value) == jobs::Cancelled::over)
        throw Conflict("core.job_state", "The job is over, so there is nothing to cancel.");
    log::info("job_cancelled", {{"job", id.text()}, {"user", who.id.text()}});
    return show_job(tx, who, id);
}

std::vector<ProblemKind> job_problems() {
    return {
        {"core.job_state", 409, "A job in this state can't be run again, or not be cancelled any more."},
        {"core.job_done_by_another", 409, "An unfinished job does what this one was made for."},
    };
}

}  // namespace tamiti::operations
