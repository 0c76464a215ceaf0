#include "core/model/reach.hpp"

namespace tamiti {

Scope Reach::by(std::string_view column) const {
    if (all_) return Scope::all();
    if (ids_.empty()) return Scope::none();
    return Scope::reached_by(db::name(column), db::join(ids_, " UNION "));
}

}  // namespace tamiti
