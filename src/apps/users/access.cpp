#include "apps/users/access.hpp"

namespace tamiti::users {

Scope visible(const Actor& who) {
    return who.can("users.view_all") ? Scope::all() : own(who);
}

Scope named_to(const Actor& who) {
    return who.is_anonymous() ? Scope::none() : Scope::all();
}

Scope visible_structure(const Actor& who) {
    return who.can("users.view_all") ? Scope::all() : Scope::none();
}

Scope manageable(const Actor& who) {
    return who.can("users.manage") ? Scope::all() : Scope::none();
}

Scope of_own_department(const Actor& who, const std::string& field) {
    return where(
        R"({} IN (SELECT u.id FROM users_user u
                  WHERE u.department = (SELECT me.department FROM users_user me WHERE me.id = {})))",
        db::name(field), who.id);
}

Scope own(const Actor& who) {
    return where("id = {}", who.id);
}

}  // namespace tamiti::users
