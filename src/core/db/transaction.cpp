#include "core/db/transaction.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "core/db/pause.hpp"

namespace tamiti::db {
namespace {

using namespace std::chrono_literals;

constexpr int most_retries = 5;

constexpr std::string_view begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr std::string_view commit_write = "COMMIT";
constexpr std::string_view begin_write = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr std::string_view set_cause =
    "SELECT set_config('tamiti.actor', $1, true), set_config('tamiti.address', $2, true),"
    " set_config('tamiti.request', $3, true), set_config('tamiti.via', $4, true),"
    " set_config('statement_timeout', $5, true)";

}  // namespace

Transaction::Transaction(Pool& pool, Mode mode, Cause cause)
    : pool_(pool), mode_(mode), cause_(std::move(cause)) {}

// The lease rolls back what wasn't committed.
Transaction::~Transaction() = default;

Connection& Transaction::connection() {
    if (finished_ || is_committed_) throw std::logic_error("a statement after the transaction's end");
    if (!lease_) lease_.emplace(pool_.acquire());
    return **lease_;
}

Result Transaction::run(std::string_view sql, const Params& params) {
    if ((begun_ && waiting_.empty()) || mode_ == Mode::single) {
        Connection& session = connection();
        ++round_trips_;
        Result result = session.run(sql, params);
        ++statements_;
        begun_ = true;
        return result;
    }
    return std::move(run_all({{sql, &params}}).front());
}

void Transaction::send(std::string_view sql, Params params) {
    if (finished_ || is_committed_) throw std::logic_error("a statement after the transaction's end");
    if (mode_ != Mode::write)
        throw std::logic_error("only a transaction that writes has a COMMIT to send with");
    waiting_.push_back({std::string(sql), std::move(params)});
}

void Transaction::ask(std::string_view sql, Params params, std::function<void(Result)> then) {
    send(sql, std::move(params));
    waiting_.back().then = std::move(then);
}

// What was to be sent after the last question still waits.
void Transaction::settle() {
    const auto last = std::find_if(waiting_.rbegin(), waiting_.rend(),
                                   [](const Waiting& one) { return one.then != nullptr; });
    if (last == waiting_.rend()) return;
    std::vector<Waiting> asked(std::make_move_iterator(waiting_.begin()),
                               std::make_move_iterator(last.base()));
    waiting_.erase(waiting_.begin(), last.base());
    run_waiting(std::move(asked), {});
}

std::vector<Result> Transaction::run_all(const std::vector<Statement>& statements) {
    return run_waiting(std::exchange(waiting_, {}), statements);
}

std::vector<Result> Transaction::run_waiting(std::vector<Waiting> waiting,
                                             const std::vector<Statement>& statements) {
    if (statements.empty() && waiting.empty()) return {};
    auto& session = connection();
    const auto cause = Params::of(cause_.actor, cause_.address, cause_.request, cause_.via,
                                  std::to_string(pool_.settings().statement_timeout_ms));
    std::vector<Statement> batch;
    if (!begun_ && mode_ != Mode::single) {
        batch.push_back({mode_ == Mode::read ? begin_read : begin_write, nullptr});
        if (mode_ == Mode::write) batch.push_back({set_cause, &cause});
    }
    const std::size_t first_waiting = batch.size();
    for (const Waiting& one : waiting) batch.push_back({one.sql, &one.params});
    const auto first = static_cast<std::ptrdiff_t>(batch.size());
    batch.insert(batch.end(), statements.begin(), statements.end());
    begun_ = begun_ || !waiting.empty();  // what waited is lost where this fails, and COMMIT must not hide it
    std::vector<Result> results;
    const auto answer = [&] {
        std::vector<FieldError> faults;
        for (std::size_t i = 0; i < waiting.size() && first_waiting + i < results.size(); ++i) {
            if (!waiting[i].then) continue;
            try {
                waiting[i].then(std::move(results[first_waiting + i]));
            } catch (const Invalid& refusal) {
                faults.insert(faults.end(), refusal.errors().begin(), refusal.errors().end());
            } catch (const Problem&) {
                if (faults.empty()) throw;
            }
        }
        if (!faults.empty()) throw Invalid(std::move(faults));
    };
    ++round_trips_;
    try {
        session.run_all(batch, results);
    } catch (const Error&) {
        answer();  // of what came before the failure
        throw;
    }
    begun_ = true;
    statements_ += waiting.size() + statements.size();
    answer();
    results.erase(results.begin(), results.begin() + first);
    return results;
}

void Transaction::commit() {
    if (finished_) throw std::logic_error("a transaction can't be committed twice");
    if (has_begun() && mode_ != Mode::single && !is_committed_) run_commit({{commit_write, nullptr}});
    finish();
}

std::vector<Result> Transaction::run_last(std::vector<Statement> statements) {
    if (mode_ != Mode::write)
        throw std::logic_error("only a transaction that writes has a COMMIT to send with");
    statements.push_back({commit_write, nullptr});
    std::vector<Result> results = run_commit(statements);
    results.pop_back();
    is_committed_ = true;
    return results;
}

// A pipeline runs nothing after a statement that failed, so the COMMIT only happens where that one succeeds.
void Transaction::commit_after(std::string_view sql, const Params& params) {
    if (finished_) throw std::logic_error("a transaction can't be committed twice");
    if (mode_ == Mode::single) throw std::logic_error("single statements have no transaction to commit");
    run_commit({{sql, &params}, {commit_write, nullptr}});
    finish();
}

// The server ends a transaction in which a statement failed with a ROLLBACK, whatever it was asked for.
std::vector<Result> Transaction::run_commit(const std::vector<Statement>& statements) {
    // A connection that died while it was idle shows before anything could have been kept.
    if (!begun_) run_all({});
    settle();
    is_committing_ = true;
    std::vector<Result> results;
    if (statements.size() == 1 && waiting_.empty()) {
        ++round_trips_;
        results.push_back(connection().run(statements.front().sql));
    } else {
        results = run_all(statements);
    }
    if (results.back().command() != "COMMIT")
        throw Error("A transaction was to be committed after one of its statements had failed.", "25P02");
    return results;
}

void Transaction::roll_back() {
    if (finished_) throw std::logic_error("a transaction that has ended can't be rolled back");
    lease_.reset();
    begun_ = false;
    statements_ = 0;
    waiting_.clear();
    then_.clear();
}

void Transaction::finish() {
    finished_ = true;
    lease_.reset();
    for (const auto& then : then_) {
        // The change is made: what follows it must not turn the answer into a failure.
        try {
            then();
        } catch (const std::exception& error) {
            log::error("transaction.after_commit_failed", {{"why", error.what()}});
        }
    }
    then_.clear();
}

bool may_retry(const Error& error, int attempt, bool something_ran) {
    if (error.is_retryable() && attempt < most_retries) {
        pause(5ms, std::min(50ms, 10ms * (1 << attempt)));
        return true;
    }
    if (attempt > 0) return false;
    // A table was altered since the statement was prepared; the connection has dropped the old plan.
    if (error.sqlstate == "0A000") return true;
    return error.is_disconnect() && !something_ran;
}

}  // namespace tamiti::db
