#pragma once

#include <string>

#include "core/db/params.hpp"

namespace tamiti {

/// Which rows of a table: a condition over its bare column names with its values. Added to the WHERE clause
/// of whatever touches rows for an actor; there is no second, in-memory version.
struct Scope {
    std::string sql{};  ///< "true" and "false" for all and none
    db::Params params{};

    static Scope all() { return {"true", {}}; }
    static Scope none() { return {"false", {}}; }
    bool is_all() const { return sql == "true"; }
    bool is_none() const { return sql == "false"; }

    /// Adds the condition's values to `params` and returns its text with the parameter numbers moved to
    /// match.
    std::string bind(db::Params& params) const;
};

/// A scope from a condition: where("owner = $1", who.id).
template <class... Values>
Scope where(std::string sql, const Values&... values) {
    return {std::move(sql), db::Params::of(values...)};
}

/// Rows of either, rows of both.
Scope operator||(const Scope& a, const Scope& b);
Scope operator&&(const Scope& a, const Scope& b);

}  // namespace tamiti
