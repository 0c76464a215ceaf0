#include "apps/@name@/access.hpp"

namespace tamiti::@name@ {

Scope visible(const Actor& who) {
    return who.has(Role::client) ? Scope::none() : Scope::all();
}

Scope owned(const Actor& who) {
    return who.can("@name@.manage") ? Scope::all() : visible(who) && where("owner = {}", who.id);
}

}  // namespace tamiti::@name@
