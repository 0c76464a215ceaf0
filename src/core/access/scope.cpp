#include "core/access/scope.hpp"

namespace tamiti {

Scope Scope::reached_by(const Sql& column, const Sql& ids) {
    Scope scope(Sql("{} = ANY(ARRAY({}))", column, ids));
    scope.reached_ = std::make_shared<const Reached>(Reached{.ids = ids, .column = column, .rest = {}});
    return scope;
}

Scope Scope::found_by(const Sql& condition, Reached ways) {
    Scope scope(condition);
    scope.reached_ = std::make_shared<const Reached>(std::move(ways));
    return scope;
}

Scope operator||(const Scope& a, const Scope& b) {
    if (a.is_all() || b.is_all()) return Scope::all();
    if (a.is_none()) return b;
    if (b.is_none()) return a;
    return where("{} OR {}", a, b);
}

Scope operator&&(const Scope& a, const Scope& b) {
    if (a.is_none() || b.is_none()) return Scope::none();
    if (a.is_all()) return b;
    if (b.is_all()) return a;
    Scope both = where("{} AND {}", a, b);
    const Scope& first = a.reached_ ? a : b;
    const Scope& other = a.reached_ ? b : a;
    if (!first.reached_) return both;
    Scope::Reached parts = *first.reached_;
    parts.rest = parts.rest.empty() ? Sql(other) : Sql("{} AND {}", parts.rest, other);
    if (!parts.beside.empty()) parts.beside = Sql("({}) AND {}", parts.beside, other);
    both.reached_ = std::make_shared<const Scope::Reached>(std::move(parts));
    return both;
}

}  // namespace tamiti
