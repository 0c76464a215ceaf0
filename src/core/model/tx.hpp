#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/base/time.hpp"
#include "core/db/transaction.hpp"
#include "core/model/model.hpp"
#include "core/model/rows.hpp"
#include "core/site/site.hpp"

namespace tamiti {

struct JobOptions;

/// The answer to a question that travels with the next statement: see Tx::ask.
template <class T>
class Asked {
public:
    /// What the query answers, as ReadTx::one() has it. Sends the question where nothing was sent since.
    T get() const;

private:
    friend class Tx;
    struct Answer {
        db::Transaction& transaction;
        Sql question;
        std::optional<db::Result> result{};
    };
    explicit Asked(std::shared_ptr<Answer> answer) : answer_(std::move(answer)) {}

    std::shared_ptr<Answer> answer_;
};

/// Whether a statement touches rows in the trash too.
enum class Trash : unsigned char { left_out, included };

/// A look at one state of the database: what a GET works with. It has no way to write.
class ReadTx {
public:
    ReadTx(Site& site, db::Transaction& transaction)
        : site_(site), transaction_(transaction), now_(site.clock->now()) {}

    Site& site() const { return site_; }
    const Settings& settings() const { return *site_.settings; }

    /// The time of this transaction: the same for all that it does.
    Timestamp now() const { return now_; }

    /// What the studio, or that person, set of T (include core/model/stored_settings.hpp).
    template <class T>
    T setting();
    template <class T>
    T setting(const Uuid& person);

    /// The one row that the query answers; none or several are a fault. T is a struct with
    /// BOOST_DESCRIBE_STRUCT or a model, filled by the names of the columns (core/model/rows.hpp), or a
    /// single value.
    template <class T>
    T one(const Sql& sql) {
        return read_one<T>(rows(sql), sql);
    }

    /// The same, or nothing where the query answers no row.
    template <class T>
    std::optional<T> find_one(const Sql& sql) {
        std::vector<T> found = rows_of<T>(rows(sql));
        if (found.empty()) return std::nullopt;
        return std::move(require_row(std::move(found), sql).front());
    }

    /// All rows that the query answers, in its order.
    template <class T>
    std::vector<T> all(const Sql& sql) {
        return rows_of<T>(rows(sql));
    }

    /// The one value of the one row. An optional is also nothing where there is no row.
    template <class T>
    requires RowScalar<T> T value(const Sql& sql) { return read_value<T>(rows(sql), sql); }

    bool exists(const Sql& sql) { return value<bool>(Sql("SELECT EXISTS ({})", sql)); }

    /// The rows as they come, read by their place: for loops of the engine that a copy of each would slow.
    db::Result rows(const Sql& sql) { return transaction_.run(sql); }

    /// The row with that id in that scope, or nothing.
    template <class T>
    std::optional<T> find(Id<T> id, const Scope& scope = Scope::all()) {
        T row{};
        if (!load_one(model_of(tag<T>{}), id.value, scope, false, &row)) return std::nullopt;
        return row;
    }

    /// The same, but an absent or invisible row is a 404.
    template <class T>
    T get(Id<T> id, const Scope& scope = Scope::all()) {
        T row{};
        if (!load_one(model_of(tag<T>{}), id.value, scope, false, &row)) throw NotFound();
        return row;
    }

    /// Rows of a model as objects, those in the trash too: select<Member>({"t.project = {} ORDER BY
    /// t.created_at", id}); the row is aliased t.
    template <class T>
    std::vector<T> select(const Sql& condition) {
        return load_all<T>(load_rows(model_of(tag<T>{}), condition));
    }

    /// Whether the row is in the scope, and not in the trash.
    template <class T>
    bool lies_in(Id<T> id, const Scope& scope) {
        return row_lies_in(model_of(tag<T>{}), id.value, scope);
    }
    template <HasModel T>
    bool lies_in(const T& row, const Scope& scope) {
        return lies_in(row.id, scope);
    }
    /// The same for a model known at run time.
    bool row_lies_in(const Model& model, const Uuid& id, const Scope& scope);

    db::Transaction& transaction() { return transaction_; }

protected:
    template <class T>
    friend class Asked;

    template <class T>
    static T read_one(const db::Result& result, const Sql& sql) {
        return std::move(require_row(rows_of<T>(result), sql).front());
    }
    template <class T>
    static T read_value(const db::Result& result, const Sql& sql) {
        if constexpr (Bare<T>::nullable)
            return result.empty() ? std::nullopt : read_one<T>(result, sql);
        else
            return read_one<T>(result, sql);
    }
    template <class T>
    static std::vector<T> load_all(const db::Result& result) {
        const Model& model = model_of(tag<T>{});
        std::vector<T> rows(static_cast<std::size_t>(result.size()));
        for (int i = 0; i < result.size(); ++i)
            load_row(model, result[i], &rows[static_cast<std::size_t>(i)]);
        return rows;
    }
    template <class T>
    static std::vector<T> require_row(std::vector<T> found, const Sql& sql) {
        if (found.size() != 1) not_one_row(found.size(), sql);
        return found;
    }
    [[noreturn]] static void not_one_row(std::size_t found, const Sql& sql);
    bool load_one(const Model& model, const Uuid& id, const Scope& scope, bool lock, void* row);
    db::Result load_rows(const Model& model, const Sql& condition);
    static void load_row(const Model& model, const db::Row& from, void* row);

    Site& site_;
    db::Transaction& transaction_;
    Timestamp now_;
};

/// A transaction that may write. Committed by whoever opened it (the router, a job, a test), never by a verb.
class Tx : public ReadTx {
public:
    using ReadTx::ReadTx;

    /// The row locked until the end of the transaction; absent or outside the scope is a 404.
    template <class T>
    T lock(Id<T> id, const Scope& scope = Scope::all()) {
        T row{};
        if (!load_one(model_of(tag<T>{}), id.value, scope, true, &row)) throw NotFound();
        return row;
    }

    /// The same for a verb that changes it: absent or not in `visible` is a 404, visible but not in
    /// `changeable` a 403.
    template <class T>
    T lock(Id<T> id, const Scope& visible, const Scope& changeable) {
        T row{};
        lock_row(model_of(tag<T>{}), id.value, visible, changeable, &row);
        return row;
    }

    /// Inserts the row; a nil id is made here. Times and version are set on the object too.
    template <class T>
    void insert(T& row) {
        insert_rows(model_of(tag<T>{}), {&row});
    }

    /// The same for many in one statement; in several where they have more than 30,000 fields.
    template <class T>
    void insert(std::vector<T>& rows) {
        std::vector<void*> addresses;
        addresses.reserve(rows.size());
        for (T& row : rows) addresses.push_back(&row);
        insert_rows(model_of(tag<T>{}), addresses);
    }

    /// Writes the named members of a row that exists, and its version: save(task, &Task::status,
    /// &Task::completed_at).
    template <class T, class... Members>
    void save(T& row, Members T::*... members) {
        static_assert(sizeof...(members) > 0, "name the members that changed");
        std::vector<const void*> addresses = {static_cast<const void*>(&(row.*members))...};
        save_row(model_of(tag<T>{}), &row, addresses);
    }

    /// Sets columns of every row in the scope, with its time and version, and answers how many there were:
    /// update<Milestone>({"owner = {}", next}, where("owner = {}", last)). Neither rules nor policies are
    /// asked.
    template <class T>
    int update(const Sql& set, const Scope& which, Trash trash = Trash::left_out) {
        return update_rows(model_of(tag<T>{}), set, which, trash);
    }
    /// The same for a model known at run time.
    int update_rows(const Model& model, const Sql& set, const Scope& which, Trash trash = Trash::left_out);

    /// Removes the row: to the trash where the model has one.
    template <class T>
    void remove(Id<T> id) {
        remove_row(model_of(tag<T>{}), id.value);
    }

    /// Any other statement that writes; answers how many rows it touched. What it returns is read by one()
    /// and all().
    int execute(const Sql& sql) { return transaction_.run(sql).affected(); }

    /// A statement whose result nobody needs, sent with the next one or with COMMIT: it costs no round trip.
    void send(const Sql& sql) { transaction_.send(sql); }

    /// A query of one value or row whose answer is read later: it is sent with the next statement, in that
    /// one's round trip, after what was asked or sent before it.
    ///
    ///     const Asked<bool> archived = tx.ask<bool>({"SELECT archived FROM …", project});
    ///     const Asked<int> last = tx.ask<int>({"SELECT max(position) FROM …", project});
    ///     if (archived.get()) …  // both have travelled
    template <class T>
    Asked<T> ask(const Sql& sql) {
        auto answer = std::make_shared<typename Asked<T>::Answer>(
            typename Asked<T>::Answer{.transaction = transaction_, .question = sql});
        transaction_.ask(sql.text(), sql.params(),
                         [answer](db::Result result) { answer->result = std::move(result); });
        return Asked<T>(std::move(answer));
    }

    /// Makes a job in this transaction (include core/jobs/job.hpp); answers its id. Where an unfinished job
    /// has the same unique key, that one's.
    template <class T>
    Uuid enqueue(const T& job, const JobOptions& options);
    template <class T>
    Uuid enqueue(const T& job) {
        return enqueue(job, {});
    }

    /// Tells listeners what happened, once this transaction has committed (include core/events/event.hpp).
    template <class T>
    void emit(const T& event);

    /// Holds the name until this transaction ends, so that transactions which hold it work one after the
    /// other from here on: for what several rows together must keep true and no constraint can say. It waits
    /// with the next statement, which sees what the one before left.
    void hold(const std::string& name) {
        send(Sql("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", name));
    }

    /// Holds the name together with others who share it: only who holds it alone waits for them, and they for
    /// that one.
    void share(const std::string& name) {
        send(Sql("SELECT pg_advisory_xact_lock_shared(hashtextextended({}, 0))", name));
    }

    /// Gives up what this transaction did; a later statement begins it anew. For a refusal that is itself
    /// written down in a transaction of its own, which must not wait for this one's connection.
    void roll_back() { transaction_.roll_back(); }

    /// What must happen only when the transaction has committed and may be lost with the process (a cache to
    /// forget).
    void after_commit(std::function<void()> then) { transaction_.after_commit(std::move(then)); }

    /// The same for a model known at run time.
    void remove_row(const Model& model, const Uuid& id);

private:
    void lock_row(const Model& model, const Uuid& id, const Scope& visible, const Scope& changeable,
                  void* row);
    void insert_rows(const Model& model, const std::vector<void*>& rows);
    void save_row(const Model& model, void* row, const std::vector<const void*>& members);
};

template <class T>
T Asked<T>::get() const {
    if (!answer_->result) answer_->transaction.settle();
    if (!answer_->result) throw std::logic_error("what was asked was given up: " + answer_->question.text());
    if constexpr (RowScalar<T>)
        return ReadTx::read_value<T>(*answer_->result, answer_->question);
    else
        return ReadTx::read_one<T>(*answer_->result, answer_->question);
}

/// Runs `work` in a transaction and commits; serialization failures and deadlocks run it again from the
/// start.
template <class Work>
auto transact(Site& site, const Actor& who, Work&& work) {
    using Answer = std::invoke_result_t<Work, Tx&>;
    for (int attempt = 0;; ++attempt) {
        db::Transaction transaction(
            *site.pool, db::Transaction::Mode::write,
            {who.id.is_nil() ? std::string() : who.id.text(), who.address, who.request_id, who.via});
        try {
            Tx tx(site, transaction);
            if constexpr (std::is_void_v<Answer>) {
                work(tx);
                transaction.commit();
                return;
            } else {
                Answer answer = work(tx);
                transaction.commit();
                return answer;
            }
        } catch (const db::Error& error) {
            if (!db::may_retry(error, attempt, transaction.may_have_run())) throw;
        }
    }
}

/// Runs `work` on one state of the database; again from the start when its connection was found dead, so it
/// begins whatever it writes anew.
template <class Work>
auto look(Site& site, Work&& work, db::Transaction::Mode mode = db::Transaction::Mode::read) {
    for (int attempt = 0;; ++attempt) {
        db::Transaction transaction(*site.pool, mode);
        try {
            ReadTx tx(site, transaction);
            return work(tx);
        } catch (const db::Error& error) {
            if (!db::may_retry(error, attempt, false)) throw;
        }
    }
}

/// The same for work of one query, which needs no transaction: a round trip less than `look` takes.
template <class Work>
auto look_once(Site& site, Work&& work) {
    return look(site, std::forward<Work>(work), db::Transaction::Mode::single);
}

}  // namespace tamiti
