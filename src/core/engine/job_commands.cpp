#include "core/engine/job_commands.hpp"

#include <charconv>
#include <cstdio>
#include <functional>

#include "core/base/console.hpp"
#include "core/jobs/bell.hpp"
#include "core/jobs/kinds.hpp"
#include "core/jobs/single.hpp"
#include "core/jobs/store.hpp"

namespace tamiti::jobs {
namespace {

using Values = std::map<std::string, std::string>;

constexpr std::string_view list_jobs = R"(
    SELECT id, kind, queue, state, attempt || '/' || max_attempts, to_char(run_at, 'YYYY-MM-DD HH24:MI:SS'),
        coalesce(left(translate(last_error, E'\n\r\t', '   '), 60), '')
    FROM core_job
    WHERE CASE WHEN $1 = '' THEN state IN ('waiting', 'blocked', 'running', 'dead') ELSE state = $1 END
        AND ($2 = '' OR kind = $2) AND ($3 = '' OR queue = $3)
    ORDER BY seq DESC LIMIT $4)";

constexpr std::string_view show_job = R"(
    SELECT job.id, kind, version, arguments::text AS arguments, queue, priority, state, attempt, max_attempts, rescues,
        run_at, unique_key, serial_key, job.worker, place AS worker_place, cancel_requested, last_error, created_at,
        job.started_at, finished_at
    FROM core_job AS job LEFT JOIN core_worker ON core_worker.id = job.worker WHERE job.id = $1)";

std::string value_of(const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
}

// What no row can have is a slip of the pen, and not a list without rows. Kinds and queues that nobody
// declares any more may still have jobs.
std::string fault_of_filters(const Site& site, const Values& values, bool found_some) {
    const std::vector<std::string> states = {"waiting", "blocked", "running", "done", "cancelled", "dead"};
    const Known known(*site.jobs);
    std::string fault;
    if (const std::string state = value_of(values, "state"); !state.empty())
        fault = unknown_word("state", state, states);
    if (found_some || !fault.empty()) return fault;
    if (const std::string kind = value_of(values, "kind"); !kind.empty())
        fault = unknown_word("kind of jobs", kind, known.kinds);
    if (const std::string queue = value_of(values, "queue"); fault.empty() && !queue.empty())
        fault = unknown_word("queue", queue, known.queues);
    return fault;
}

int list(Site& site, const Values& values) {
    int limit = 50;
    if (const std::string text = value_of(values, "limit"); !text.empty()) {
        const auto read = std::from_chars(text.data(), text.data() + text.size(), limit);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size() || limit < 1)
            return command_refused("--limit is a number of 1 or more, not " + text + ".");
    }
    const auto connection = site.pool->acquire();
    const auto rows =
        connection->run(list_jobs, db::Params::of(value_of(values, "state"), value_of(values, "kind"),
                                                  value_of(values, "queue"), limit));
    if (const std::string fault = fault_of_filters(site, values, !rows.empty()); !fault.empty())
        return command_refused(fault);
    std::printf("%-36s  %-28s  %-8s  %-9s  %-7s  %-19s  %s\n", "id", "kind", "queue", "state", "attempt",
                "run at (UTC)", "last error");
    for (const auto row : rows) {
        std::printf("%-36s  %-28s  %-8s  %-9s  %-7s  %-19s  %s\n", std::string(row.text(0)).c_str(),
                    std::string(row.text(1)).c_str(), std::string(row.text(2)).c_str(),
                    std::string(row.text(3)).c_str(), std::string(row.text(4)).c_str(),
                    std::string(row.text(5)).c_str(), std::string(row.text(6)).c_str());
    }
    if (rows.empty()) std::printf("There are no such jobs.\n");
    return 0;
}

int with_id(const Values& values, const std::function<int(const Uuid&)>& work) {
    const auto id = Uuid::parse(value_of(values, "id"));
    if (!id)
        return command_refused(
            "A job's id looks like 01890a5d-ac96-774b-bcce-b302099a8057; see: tamiti jobs list");
    return work(*id);
}

int show(Site& site, const Values& values) {
    static constexpr const char* names[] = {"id",        "kind",       "version",    "arguments", "queue",
                                            "priority",  "state",      "attempt",    "of",        "rescues",
                                            "run_at",    "unique_key", "serial_key", "worker",    "its place",
                                            "to cancel", "last error", "made",       "started",   "finished"};
    return with_id(values, [&](const Uuid& id) {
        const auto rows = site.pool->acquire()->run(show_job, db::Params::of(id));
        if (rows.empty()) return command_refused("There is no job " + id.text() + ".");
        for (int i = 0; i < rows[0].columns(); ++i)
            if (!rows[0].is_null(i))
                std::printf("%-11s %s\n", names[i], std::string(rows[0].text(i)).c_str());
        return 0;
    });
}

int retry_one(Site& site, const Values& values) {
    return with_id(values, [&](const Uuid& id) {
        const Retried retried =
            transact(site, Actor::system("command jobs retry"), [&](Tx& tx) { return retry_now(tx, id); });
        if (retried == Retried::nothing_to_do)
            return command_refused("No dead, cancelled or waiting job has that id.");
        if (retried == Retried::done_by_another)
            return command_refused("Another unfinished job has its unique key: that one does the same.");
        // The bell of a process that ends now may not ring any more.
        site.pool->acquire()->run(std::string("NOTIFY ") + channel);
        std::printf("The job runs again.\n");
        return 0;
    });
}

int cancel_one(Site& site, const Values& values) {
    return with_id(values, [&](const Uuid& id) {
        switch (transact(site, Actor::system("command jobs cancel"),
                         [&](Tx& tx) { return cancel_now(tx, id); })) {
            case Cancelled::cancelled:
                std::printf("The job is cancelled.\n");
                return 0;
            case Cancelled::asked_to_stop:
                std::printf("The job runs; it was asked to stop and is not tried again.\n");
                return 0;
            case Cancelled::over:
                break;
        }
        return command_refused("No unfinished job has that id.");
    });
}

}  // namespace

std::vector<Command> commands() {
    const Command::Option id{.name = "id", .help = "the job's id", .required = true, .positional = true};
    return {
        {.name = "jobs list",
         .help = "List jobs, the newest first: those that wait or run, and dead letters",
         .options = {{.name = "state", .help = "waiting, blocked, running, done, cancelled or dead"},
                     {.name = "kind", .help = "such as core.listen"},
                     {.name = "queue", .help = "such as mail"},
                     {.name = "limit", .help = "how many at most; 50 unless said"}},
         .run = list},
        {.name = "jobs show", .help = "Print all that is known of a job", .options = {id}, .run = show},
        {.name = "jobs retry",
         .help = "Run a dead, cancelled or waiting job now",
         .options = {id},
         .run = retry_one},
        {.name = "jobs cancel",
         .help = "Cancel a job; one that runs is asked to stop",
         .options = {id},
         .run = cancel_one},
    };
}

}  // namespace tamiti::jobs
