#include "apps/people/access.hpp"

namespace tamiti::people {

Scope visible_invitations(const Actor& who) {
    if (who.can("users.manage")) return Scope::all();
    return who.can("users.invite") ? where("invited_by = {}", who.id) : Scope::none();
}

Scope new_invitations(const Actor& who) {
    return who.can("users.invite") ? Scope::all() : Scope::none();
}

Scope visible_imports(const Actor& who) {
    return who.can("users.manage") ? Scope::all() : Scope::none();
}

}  // namespace tamiti::people
