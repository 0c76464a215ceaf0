#pragma once

#include "core/db/sql.hpp"

namespace tamiti {

/// Which rows of a table: a condition over its bare column names. Added to the WHERE clause of whatever
/// touches rows for an actor; there is no second, in-memory version. It is an Sql in brackets, so that it can
/// stand anywhere in another.
class Scope : public db::Sql {
public:
    /// The rows for which the condition is true.
    explicit Scope(const Sql& condition) : Sql("({})", condition) {}

    static Scope all() { return Scope(Which::all); }
    static Scope none() { return Scope(Which::none); }
    bool is_all() const { return which_ == Which::all; }
    bool is_none() const { return which_ == Which::none; }

private:
    enum class Which : unsigned char { all, none, some };
    explicit Scope(Which which) : Sql(which == Which::all ? Sql("true") : Sql("false")), which_(which) {}

    Which which_ = Which::some;
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
