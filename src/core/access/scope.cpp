#include "core/access/scope.hpp"

namespace tamiti {

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
    return where("{} AND {}", a, b);
}

}  // namespace tamiti
