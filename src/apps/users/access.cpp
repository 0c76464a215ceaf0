#include "apps/users/access.hpp"

namespace tamiti::users {

Scope visible(const Actor& who) {
    return who.can("users.view_all") ? Scope::all() : own(who);
}

Scope visible_structure(const Actor& who) {
    return who.can("users.view_all") ? Scope::all() : Scope::none();
}

Scope manageable(const Actor& who) {
    return who.can("users.manage") ? Scope::all() : Scope::none();
}

Scope own(const Actor& who) {
    return where("id = {}", who.id);
}

}  // namespace tamiti::users
