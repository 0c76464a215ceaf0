#include "core/jobs/attempt.hpp"

#include <new>

#include "core/base/log.hpp"
#include "core/jobs/backoff.hpp"
#include "core/jobs/kinds.hpp"
#include "core/jobs/undecodable.hpp"
#include "core/telemetry/sentry.hpp"

namespace tamiti::jobs {
namespace {

constexpr const char* lease_lost = "TJ001";  // raised by core_job_hold and core_job_end
constexpr double outage_pause = 1;           // seconds

Outcome ended(const Claimed& job, Outcome::Next next, std::string counted) {
    Outcome outcome;
    outcome.next = next;
    outcome.counted = std::move(counted);
    outcome.id = job.id;
    outcome.token = job.token;
    outcome.kind = job.kind;
    outcome.serial_key = job.serial_key;
    return outcome;
}

Outcome outcome_of(const Claimed& job, const JobRules& rules, const JobResult& result) {
    switch (result.kind) {
        case JobResult::Kind::done:
            return ended(job, Outcome::Next::done, "done");
        case JobResult::Kind::retry:
            return failed(job, rules, result.why, result.delay);
        case JobResult::Kind::cancel: {
            Outcome outcome = ended(job, Outcome::Next::cancelled, "cancelled");
            outcome.why = result.why;
            return outcome;
        }
        case JobResult::Kind::snooze: {
            Outcome outcome = given_back(job, static_cast<double>(result.delay.count()));
            outcome.counted = "snoozed";
            return outcome;
        }
    }
    return dead(job, "It ended in a way that is not known.");
}

std::string text_of(const Problem& problem) {
    std::string text = problem.detail();
    for (const FieldError& error : problem.errors()) text += " " + error.field + ": " + error.message;
    return text;
}

std::string next_state(const JobResult& result) {
    if (result.kind == JobResult::Kind::cancel) return "cancelled";
    return result.kind == JobResult::Kind::snooze ? "waiting" : "done";
}

// The program's own trouble, not the job's.
bool is_outage(const db::Error& error) {
    return error.is_disconnect();
}
bool is_outage(const Problem& problem) {
    return problem.code() == "database.busy" || problem.code() == "database.unreachable";
}

}  // namespace

Outcome failed(const Claimed& job, const JobRules& rules, std::string why, std::chrono::seconds delay) {
    Outcome outcome = ended(job, Outcome::Next::waiting, "failed");
    outcome.why = std::move(why);
    outcome.delay = delay.count() > 0 ? static_cast<double>(delay.count()) : backoff(rules, job.attempt);
    if (job.attempt < job.max_attempts) return outcome;
    outcome.next = Outcome::Next::dead;
    outcome.counted = "dead";
    return outcome;
}

Outcome given_back(const Claimed& job, double delay) {
    Outcome outcome = ended(job, Outcome::Next::waiting, "given_back");
    outcome.counts = false;
    outcome.delay = delay;
    return outcome;
}

Outcome dead(const Claimed& job, std::string why) {
    Outcome outcome = ended(job, Outcome::Next::dead, "dead");
    outcome.why = std::move(why);
    return outcome;
}

Attempt::Attempt(Site& at, const Claimed& claimed, const std::atomic<bool>& stop)
    : JobRun(at, claimed.id, claimed.attempt, claimed.arguments), claimed_(claimed), stop_(stop) {}

template <class Work>
auto Attempt::in_transaction(Work&& work) {
    for (int tries = 0;; ++tries) {
        db::Transaction transaction(*site.pool, db::Transaction::Mode::write,
                                    {.via = "job " + claimed_.kind + " " + id.text()});
        try {
            return work(transaction);
        } catch (const db::Error& error) {
            if (!db::may_retry(error, tries, transaction.may_have_run())) throw;
        }
    }
}

void Attempt::fenced(const std::function<void(Tx&)>& work) {
    in_transaction([&](db::Transaction& transaction) {
        Tx tx(site, transaction);
        work(tx);
        transaction.commit_after("SELECT core_job_hold($1, $2)", db::Params::of(claimed_.id, claimed_.token));
    });
}

// Work that touched nothing has nothing to be atomic with: its outcome is written together with others'.
JobResult Attempt::complete_with(const std::function<JobResult(Tx&)>& work) {
    return in_transaction([&](db::Transaction& transaction) {
        Tx tx(site, transaction);
        JobResult result = work(tx);
        if (result.kind == JobResult::Kind::retry) return result;  // and nothing of it is kept
        if (!transaction.has_begun()) {
            transaction.commit();
            return result;
        }
        std::optional<std::string> why;
        if (!result.why.empty()) why = kept_text(result.why);
        transaction.commit_after(
            "SELECT core_job_end($1, $2, $3, make_interval(secs => $4), $5)",
            db::Params::of(claimed_.id, claimed_.token, next_state(result), result.delay, why));
        recorded_ = true;
        return result;
    });
}

Attempted attempt(Site& site, const Claimed& job, const std::atomic<bool>& stop, bool alone) {
    const JobKind* kind = site.jobs->named(job.kind);
    if (kind == nullptr) return {given_back(job, 60)};
    if (job.version != kind->rules.version)
        return {dead(job, "It was made for version " + std::to_string(job.version) +
                              " of its arguments; this program reads version " +
                              std::to_string(kind->rules.version) + ".")};
    Attempt run(site, job, stop);
    const auto failure = [&](const std::string& why) -> Attempted {
        log::warning("job.failed",
                     {{"job", job.id.text()}, {"kind", job.kind}, {"attempt", job.attempt}, {"why", why}});
        Attempted attempted{failed(job, kind->rules, why), run.is_recorded()};
        if (attempted.outcome.next == Outcome::Next::dead)
            telemetry::report("dead letter " + job.kind, job.id.text());
        return attempted;
    };
    try {
        const JobResult result = kind->run(run);
        return {outcome_of(job, kind->rules, result), run.is_recorded()};
    } catch (const Undecodable& problem) {
        log::warning("job.undecodable",
                     {{"job", job.id.text()}, {"kind", job.kind}, {"why", problem.detail()}});
        return {dead(job, problem.detail())};
    } catch (const Problem& problem) {
        if (is_outage(problem)) return {given_back(job, outage_pause), run.is_recorded()};
        return failure(text_of(problem));
    } catch (const db::Error& error) {
        if (error.sqlstate == lease_lost) return {given_back(job), true, true};
        if (is_outage(error)) return {given_back(job, outage_pause), run.is_recorded()};
        return failure(error.what());
    } catch (const std::bad_alloc&) {
        if (alone) return failure("It ran out of memory.");
        Attempted attempted{given_back(job), run.is_recorded()};
        attempted.outcome.isolated = true;  // whose fault it was shows when each is alone
        return attempted;
    } catch (const std::exception& error) {
        return failure(error.what());
    } catch (...) {
        return failure("It threw something that is no std::exception.");
    }
}

int run_due(Site& site) {
    constexpr int batch = 20;
    const Known known(*site.jobs);
    const std::atomic<bool> stop{false};
    Order order{.worker = Uuid::make(), .most = batch, .queues = known.queues};
    order.free.assign(known.queues.size(), std::to_string(batch));
    enrol(*site.pool->acquire(), order.worker, "in the calling thread", longest_lease_seconds);
    int attempts = 0;
    std::vector<Outcome> outcomes;
    while (true) {
        const auto claimed = [&] {
            const auto connection = site.pool->acquire();
            unblock(*connection);
            return exchange(*connection, std::exchange(outcomes, {}), &order, known);
        }();
        if (claimed.empty()) break;
        for (const Claimed& job : claimed) {
            ++attempts;
            Attempted attempted = attempt(site, job, stop, true);
            if (!attempted.recorded) outcomes.push_back(std::move(attempted.outcome));
        }
    }
    leave(*site.pool->acquire(), order.worker);
    return attempts;
}

}  // namespace tamiti::jobs
