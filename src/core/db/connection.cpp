#include "core/db/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

#include "core/base/complaint.hpp"
#include "core/db/error.hpp"
#include "core/db/session_options.hpp"
#include "core/db/statement_cache.hpp"

namespace tamiti::db {
namespace {

constexpr int text_format = 0;
const std::string unnamed;      // a statement that the server forgets with the next of no name
constexpr int grace_ms = 2000;  // how much longer than the server's own limit we wait for its answer

bool is_failure(const Result& result) {
    switch (PQresultStatus(result.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_EMPTY_QUERY:
        case PGRES_PIPELINE_SYNC:
            return false;
        default:
            return true;
    }
}

std::string field_of(const Result& result, int field) {
    const char* text = PQresultErrorField(result.get(), field);
    return text == nullptr ? "" : text;
}

// Whether the statement may work when it is prepared anew: its tables were altered, or somebody discarded it.
bool is_stale(const Result& result) {
    const auto sqlstate = field_of(result, PG_DIAG_SQLSTATE);
    if (sqlstate == "26000") return true;
    return sqlstate == "0A000" && field_of(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
}

void log_notice(void*, const pg_result* notice) {
    // When the server stops, every session says so at once.
    static Complaint complaint("database.notice", std::chrono::seconds(1));
    const char* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    complaint.make(text == nullptr ? "" : text);
}

const std::vector<const char*>& values_of(const Params* params) {
    static const std::vector<const char*> none;
    return params == nullptr ? none : params->pointers();
}

}  // namespace

struct Connection::Session {
    StatementCache cache{};
    int wait_ms = -1;  ///< the longest silence of the server; -1 is no limit
};

/// One thing that was put into a pipeline and has an answer to read.
struct Connection::Step {
    enum class Kind { discard, prepare, execute, sync } kind;
    std::string_view sql{};
};

Connection::Connection(const ConnectionSettings& settings) : session_(std::make_unique<Session>()) {
    const SessionOptions options(settings);
    connection_ = PQconnectdbParams(options.keywords(), options.values(), 1);
    if (PQstatus(connection_) != CONNECTION_OK) {
        const std::string why = PQerrorMessage(connection_);
        drop();
        throw Error("The database can't be reached: " + why, "08001");
    }
    PQsetNoticeReceiver(connection_, log_notice, nullptr);
    PQsetnonblocking(connection_, 1);
    if (settings.statement_timeout_ms > 0) session_->wait_ms = settings.statement_timeout_ms + grace_ms;
}

Connection::~Connection() {
    drop();
}

// A session that was left in the middle of an exchange (no memory for a result) counts as closed.
bool Connection::is_open() const {
    return PQstatus(connection_) == CONNECTION_OK && PQtransactionStatus(connection_) != PQTRANS_ACTIVE;
}

bool Connection::in_transaction() const {
    const auto status = PQtransactionStatus(connection_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

void Connection::drop() {
    PQfinish(connection_);
    connection_ = nullptr;
}

void Connection::lose(const std::string& why) {
    drop();
    throw Error("The connection to the database was lost: " + why, "08006");
}

void Connection::require_open() const {
    if (!is_open()) throw Error("The connection to the database is closed.", "08003");
}

void Connection::fail(const Result& result) {
    // COPY would leave the session waiting for data that never comes.
    if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
        drop();
        throw Error("The statement is of a kind that isn't supported here.", "0A000");
    }
    const auto severity = field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const std::string message = PQresultErrorMessage(result.get());
    if (severity == "FATAL" || severity == "PANIC" || !is_open()) lose(message);
    throw Error(message, field_of(result, PG_DIAG_SQLSTATE), field_of(result, PG_DIAG_CONSTRAINT_NAME),
                field_of(result, PG_DIAG_TABLE_NAME), field_of(result, PG_DIAG_COLUMN_NAME));
}

// A server that is half dead (its machine gone, a firewall that forgot us) answers nothing at all; it must
// not hold a thread for ever. Its own statement_timeout would have answered before this limit.
void Connection::wait(short events) {
    pollfd socket{PQsocket(connection_), events, 0};
    int ready = 0;
    do {
        ready = ::poll(&socket, 1, session_->wait_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) lose("no answer in time");
    if (ready < 0) lose("its socket is broken");
}

// Sends what libpq holds back, reading meanwhile: a server that waits for us to take its answers reads
// nothing more.
void Connection::flush() {
    int left = PQflush(connection_);
    while (left > 0) {
        wait(POLLIN | POLLOUT);
        if (PQconsumeInput(connection_) == 0) return;  // the next result tells why
        left = PQflush(connection_);
    }
}

Result Connection::next_result() {
    while (PQisBusy(connection_) != 0) {
        wait(POLLIN);
        if (PQconsumeInput(connection_) == 0) break;  // the result tells why
    }
    return Result(PQgetResult(connection_));
}

// The one result of a statement outside a pipeline, and the end mark after it.
Result Connection::only_result() {
    Result first = next_result();
    if (first.get() == nullptr) lose(PQerrorMessage(connection_));
    while (true) {
        const auto status = PQresultStatus(first.get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) return first;
        Result next = next_result();
        if (next.get() == nullptr) return first;
        // Of a script with several statements the last result counts, but the first failure.
        if (!is_failure(first)) first = std::move(next);
    }
}

Result Connection::run_prepared(const std::string& name, const Params& params) {
    const auto& values = params.pointers();
    if (PQsendQueryPrepared(connection_, name.c_str(), params.size(), values.data(), nullptr, nullptr,
                            text_format) == 0) {
        lose(PQerrorMessage(connection_));
    }
    ++round_trips_;
    flush();
    return only_result();
}

Result Connection::run(std::string_view sql, const Params& params) {
    require_open();
    const std::string* name = session_->cache.find(sql);
    if (name == nullptr) return std::move(run_all({{sql, &params}}).front());
    const bool nested = in_transaction();
    ++statements_;
    Result result = run_prepared(*name, params);
    if (!is_failure(result)) return result;
    if (!is_stale(result)) fail(result);
    session_->cache.retire(sql);
    if (nested) fail(result);  // the transaction is aborted: only its owner can run it again
    return std::move(run_all({{sql, &params}}).front());
}

// Puts everything into the socket. A statement is prepared just before it first runs, not earlier: preparing
// looks at tables, after which a later BEGIN could no longer choose its isolation level.
std::vector<Connection::Step> Connection::send(const std::vector<Statement>& statements) {
    std::vector<Step> steps;
    bool sent = PQenterPipelineMode(connection_) != 0;
    auto& doomed = session_->cache.doomed();
    if (!doomed.empty() && !in_transaction()) {
        for (const auto& name : std::exchange(doomed, {})) {
            const auto discard = "DEALLOCATE " + name;
            sent = sent && PQsendQueryParams(connection_, discard.c_str(), 0, nullptr, nullptr, nullptr,
                                             nullptr, text_format) != 0;
            // Each of its own: that the server doesn't know one (any more) is of no interest to the others.
            sent = sent && PQpipelineSync(connection_) != 0;
            steps.push_back({Step::Kind::discard});
            steps.push_back({Step::Kind::sync});
        }
    }
    for (const auto& [sql, params] : statements) {
        const std::string* name = session_->cache.find(sql);
        if (name == nullptr) {
            name = session_->cache.is_worth_keeping(sql) ? &session_->cache.add(sql) : &unnamed;
            steps.push_back({Step::Kind::prepare, sql});
            sent =
                sent && PQsendPrepare(connection_, name->c_str(), std::string(sql).c_str(), 0, nullptr) != 0;
        }
        const auto& values = values_of(params);
        steps.push_back({Step::Kind::execute, sql});
        sent = sent && PQsendQueryPrepared(connection_, name->c_str(), static_cast<int>(values.size()),
                                           values.data(), nullptr, nullptr, text_format) != 0;
    }
    sent = sent && PQpipelineSync(connection_) != 0;
    steps.push_back({Step::Kind::sync});
    if (!sent) lose(PQerrorMessage(connection_));
    ++round_trips_;
    flush();
    return steps;
}

// Reads all answers, whatever happens, so that the session can go on; `failure` is the first that failed.
std::vector<Result> Connection::receive(const std::vector<Step>& steps, Result& failure) {
    std::vector<Result> results;
    for (const auto& [kind, sql] : steps) {
        Result result = next_result();
        if (kind != Step::Kind::sync && result.get() != nullptr) next_result();  // the end mark
        if (PQstatus(connection_) != CONNECTION_OK) {
            // The server's own last words say more than the socket's end.
            const auto& last_words = failure.get() != nullptr ? failure : result;
            lose(PQresultErrorMessage(last_words.get()));
        }
        if (kind == Step::Kind::sync || kind == Step::Kind::discard) continue;
        const bool failed = is_failure(result);
        if (failed && kind == Step::Kind::prepare) session_->cache.erase(sql);
        if (failed && failure.get() == nullptr) {
            failure = std::move(result);
        } else if (!failed && kind == Step::Kind::execute) {
            results.push_back(std::move(result));
        }
    }
    if (PQexitPipelineMode(connection_) == 0) lose(PQerrorMessage(connection_));
    return results;
}

std::vector<Result> Connection::run_all(const std::vector<Statement>& statements) {
    std::vector<Result> results;
    run_all(statements, results);
    return results;
}

void Connection::run_all(const std::vector<Statement>& statements, std::vector<Result>& results) {
    if (statements.empty()) return;
    require_open();
    const bool nested = in_transaction();
    statements_ += statements.size();
    for (bool again = true;; again = false) {
        const auto steps = send(statements);
        Result failure;
        results = receive(steps, failure);
        if (failure.get() == nullptr) return;
        if (!is_stale(failure)) fail(failure);
        for (const auto& statement : statements) session_->cache.retire(statement.sql);
        const bool committed =
            std::ranges::any_of(results, [](const Result& result) { return result.command() == "COMMIT"; });
        if (nested || committed || !again) fail(failure);
        if (in_transaction()) run("ROLLBACK");
    }
}

Result Connection::run_script(const std::string& sql) {
    require_open();
    ++statements_;
    if (PQsendQuery(connection_, sql.c_str()) == 0) lose(PQerrorMessage(connection_));
    ++round_trips_;
    // A script may rightly take long (an index over a large table): only the socket's keepalives guard it.
    const int usual = std::exchange(session_->wait_ms, -1);
    flush();
    Result result = only_result();
    session_->wait_ms = usual;
    if (is_failure(result)) fail(result);
    return result;
}

}  // namespace tamiti::db
