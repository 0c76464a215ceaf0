#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/params.hpp"
#include "core/db/result.hpp"

struct pg_conn;

namespace tamiti::db {

/// One statement with its values, for a pipeline.
struct Statement {
    std::string_view sql;
    const Params* params;
};

struct ConnectionSettings {
    std::string url;  ///< libpq URI or key=value string
    int statement_timeout_ms = 10000;
    int read_timeout_ms = 0;  ///< of statements outside a transaction that writes; 0 is the same
    int lock_timeout_ms = 2000;
    int idle_in_transaction_ms = 10000;
    int connect_timeout_s = 3;
    std::string application_name = "tamiti";
};

/// One session with PostgreSQL. A statement that is run a second time is prepared and kept (least recently
/// used goes, 120 at most). Used by one thread at a time. A statement that fails throws Error; a lost
/// connection throws Error with SQLSTATE class 08 and leaves is_open() false.
class Connection {
public:
    explicit Connection(const ConnectionSettings& settings);  ///< connects; throws Error
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// One statement, one round trip.
    Result run(std::string_view sql, const Params& params = {});

    /// All statements in one round trip (libpq pipeline mode, one Sync at the end), results in their order.
    /// When one fails those after it are not run, all are rolled back unless a transaction was open before
    /// (then it is aborted), and Error is thrown.
    std::vector<Result> run_all(const std::vector<Statement>& statements);

    /// The same; where one fails `results` holds what those before it answered.
    void run_all(const std::vector<Statement>& statements, std::vector<Result>& results);

    /// Text without parameters that may hold several statements (migrations). Simple protocol.
    Result run_script(const std::string& sql);

    bool is_open() const;
    bool in_transaction() const;
    pg_conn* get() const { return connection_; }
    std::uint64_t statements() const { return statements_; }    ///< run so far, for tests that count queries
    std::uint64_t round_trips() const { return round_trips_; }  ///< made so far, for tests that count them

private:
    struct Session;  // prepared statements and limits
    struct Step;

    void require_open() const;
    void flush();
    void wait(short events);
    Result next_result();
    Result only_result();
    Result run_prepared(const std::string& name, const Params& params);
    std::vector<Step> send(const std::vector<Statement>& statements);
    std::vector<Result> receive(const std::vector<Step>& steps, Result& failure);
    void drop();
    [[noreturn]] void lose(const std::string& why);
    [[noreturn]] void fail(const Result& result);

    pg_conn* connection_ = nullptr;
    std::uint64_t statements_ = 0;
    std::uint64_t round_trips_ = 0;
    std::unique_ptr<Session> session_;
};

}  // namespace tamiti::db
