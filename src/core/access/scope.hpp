#pragma once

#include <memory>

#include "core/db/sql.hpp"

namespace tamiti {

/// Of how many rows those that refer to them are found by index.
constexpr int few_reached = 100;

/// Which rows of a table: a condition over its bare column names. Added to the WHERE clause of whatever
/// touches rows for an actor; there is no second, in-memory version. It is an Sql in brackets, so that it can
/// stand anywhere in another.
class Scope : public db::Sql {
public:
    /// The rows for which the condition is true.
    explicit Scope(const Sql& condition) : Sql("({})", condition) {}

    /// Where the scope is "rows whose column refers to one of these", and perhaps more: the parts of the
    /// condition, for lists that choose between ways to the rows.
    struct Reached {
        Sql ids;     ///< a SELECT of ids
        Sql column;  ///< that has one of them
        Sql rest;    ///< what must be true beside; empty where nothing must

        /// The condition of more rows of the scope, none of them among those; empty where there are no more.
        Sql beside{};
        /// A SELECT of the ids that the column of these has, for a look at rows that are met by their words.
        Sql beside_ids{};
        /// Up to so many ids their rows are found by the index of the column; who reaches more meets their
        /// rows soon on any way through the table.
        int few = few_reached;
        /// Whether a row that is met otherwise is told by a look among the ids. Where it isn't, as where
        /// collecting them all would cost too much, it is told by the scope itself, and no more ids are
        /// collected than decide whether they are few.
        bool tells_rows = true;
    };

    /// The rows whose `column` has one of the ids that a SELECT answers, none of them NULL. The array of ids
    /// is made once for each statement, and an index on the column finds the rows of each; IN (SELECT …)
    /// would be guessed at half of the table where it stands beside an OR.
    static Scope reached_by(const Sql& column, const Sql& ids);

    /// The rows for which the condition is true, with the ways on which lists find them: what `ways` says
    /// must be the same rows.
    static Scope found_by(const Sql& condition, Reached ways);

    static Scope all() { return Scope(Which::all); }
    static Scope none() { return Scope(Which::none); }
    bool is_all() const { return which_ == Which::all; }
    bool is_none() const { return which_ == Which::none; }

    /// nullptr where the scope isn't of that kind, or is one of several by ||.
    const Reached* reached() const { return reached_.get(); }

private:
    enum class Which : unsigned char { all, none, some };
    explicit Scope(Which which) : Sql(which == Which::all ? Sql("true") : Sql("false")), which_(which) {}

    Which which_ = Which::some;
    std::shared_ptr<const Reached> reached_{};

    friend Scope operator&&(const Scope& a, const Scope& b);
};

/// A scope from a condition: where("owner = {}", who.id).
template <class... Values>
Scope where(db::SqlText<sizeof...(Values)> condition, const Values&... values) {
    return Scope(Sql(condition, values...));
}

/// Rows of either, rows of both.
Scope operator||(const Scope& a, const Scope& b);
Scope operator&&(const Scope& a, const Scope& b);

}  // namespace tamiti
