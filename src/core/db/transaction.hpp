#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/db/error.hpp"
#include "core/db/pool.hpp"
#include "core/db/sql.hpp"

namespace tamiti::db {

/// Who causes a change and by which request; set on the transaction (tamiti.actor, tamiti.address,
/// tamiti.request, tamiti.via) so that triggers can write it down and no code path can forget it.
struct Cause {
    std::string actor{};    ///< id of the user, empty for the system
    std::string address{};  ///< client address
    std::string request{};  ///< request id
    std::string via{};      ///< "token <id>", "job <name>", "command <name>"; empty for a signed-in session
};

/// A transaction that begins with its first statement (in the same round trip) and is rolled back unless
/// committed.
class Transaction {
public:
    enum class Mode {
        single,  ///< every statement on its own, for the engine's one-statement reads
        read,    ///< READ ONLY, REPEATABLE READ: all statements see one state
        write,   ///< READ COMMITTED
    };
    Transaction(Pool& pool, Mode mode, Cause cause = {});
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    Result run(std::string_view sql, const Params& params = {});
    Result run(const Sql& sql) { return run(sql.text(), sql.params()); }

    /// A statement whose result nobody needs: it is sent with the next one, or with COMMIT, in that one's
    /// round trip. Where it fails, that one throws its Error.
    void send(std::string_view sql, Params params);
    void send(const Sql& sql) { send(sql.text(), sql.params()); }

    /// A question that is sent with the next statement, in that one's round trip; `then` gets the answer
    /// before that one's is told, also where that one fails. What `then` throws is thrown by that one; where
    /// several questions find fields at fault (Invalid), all of them together. COMMIT waits for the answer: a
    /// transaction whose answer `then` refuses is never committed.
    void ask(std::string_view sql, Params params, std::function<void(Result)> then);

    /// Sends what was to be asked with the next statement now, with what was to be sent before it.
    void settle();
    std::vector<Result> run_all(const std::vector<Statement>& statements);

    /// Makes the changes lasting; does nothing where no statement ran. Callbacks added by after_commit run
    /// afterwards. Throws Error where a statement had failed and nothing was kept, also when that failure was
    /// caught.
    void commit();

    /// The same after one more statement, in the same round trip: where that one fails nothing is kept.
    /// Unlike commit() it begins the transaction where no statement ran.
    void commit_after(std::string_view sql, const Params& params);

    /// The last statements, with COMMIT in their round trip: what they answer is kept already, and where one
    /// fails nothing is. What was to be asked is asked before. Nothing but commit() may follow.
    std::vector<Result> run_last(std::vector<Statement> statements);
    void after_commit(std::function<void()> then) { then_.push_back(std::move(then)); }

    /// Gives up what was done, what was to be sent and what was to follow; the connection goes back to the
    /// pool. A later statement begins anew.
    void roll_back();

    bool has_begun() const { return begun_ || !waiting_.empty(); }
    std::uint64_t statements() const { return statements_; }    ///< that succeeded; without BEGIN and COMMIT
    std::uint64_t round_trips() const { return round_trips_; }  ///< to the database, that of COMMIT too

    /// Whether running it again after a lost connection could do something twice.
    bool may_have_run() const { return statements_ > 0 || is_committing_; }

private:
    struct Waiting {
        std::string sql;
        Params params;
        std::function<void(Result)> then{};  // of a question
    };

    Connection& connection();
    std::vector<Result> run_waiting(std::vector<Waiting> waiting, const std::vector<Statement>& statements);
    std::vector<Result> run_commit(const std::vector<Statement>& statements);
    void finish();
    Pool& pool_;
    Mode mode_;
    Cause cause_;
    std::optional<Pool::Lease> lease_{};
    bool begun_ = false;
    bool finished_ = false;
    bool is_committing_ = false;
    bool is_committed_ = false;
    std::vector<Waiting> waiting_{};
    std::uint64_t statements_ = 0;
    std::uint64_t round_trips_ = 0;
    std::vector<std::function<void()>> then_{};
};

/// Whether a failed attempt (the first is 0) may be tried again, after a pause that this makes: serialization
/// failures and deadlocks up to five times with growing, jittered pauses (5 to 50 ms); a connection that was
/// found dead before anything was done on it, and a plan that an altered table made stale, once.
bool may_retry(const Error& error, int attempt, bool something_ran);

}  // namespace tamiti::db
