#include "core/access/scope.hpp"

#include <cctype>

namespace tamiti {
namespace {

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Adds `by` to the number of every $n outside of quoted text.
std::string move_parameters(const std::string& sql, int by) {
    if (by == 0) return sql;
    std::string moved;
    moved.reserve(sql.size() + 8);
    bool quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        moved += sql[i];
        if (sql[i] == '\'') quoted = !quoted;
        if (quoted || sql[i] != '$' || i + 1 == sql.size() || !is_digit(sql[i + 1])) continue;
        int number = 0;
        while (i + 1 < sql.size() && is_digit(sql[i + 1])) number = number * 10 + (sql[++i] - '0');
        moved += std::to_string(number + by);
    }
    return moved;
}

}  // namespace

std::string Scope::bind(db::Params& into) const {
    if (params.size() == 0) return sql;
    return move_parameters(sql, into.append(params));
}

Scope operator||(const Scope& a, const Scope& b) {
    if (a.is_all() || b.is_all()) return Scope::all();
    if (a.is_none()) return b;
    if (b.is_none()) return a;
    Scope either{"", a.params};
    either.sql = "(" + a.sql + ") OR (" + b.bind(either.params) + ")";
    return either;
}

Scope operator&&(const Scope& a, const Scope& b) {
    if (a.is_none() || b.is_none()) return Scope::none();
    if (a.is_all()) return b;
    if (b.is_all()) return a;
    Scope both{"", a.params};
    both.sql = "(" + a.sql + ") AND (" + b.bind(both.params) + ")";
    return both;
}

}  // namespace tamiti
