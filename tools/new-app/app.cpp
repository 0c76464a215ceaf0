#include "core/program/app.hpp"

#include "apps/@name@/models.hpp"

namespace tamiti::@name@ {

Scope visible(const Actor& who) {
    return who.has(Role::client) ? Scope::none() : Scope::all();
}
Scope owned(const Actor& who) {
    return who.can("@name@.manage") ? Scope::all() : visible(who) && where("owner = {}", who.id);
}

App app() {
    return {.name = "@name@",
            .doc = "What there is of @name@, and whose it is.",
            .resources = {resource<@Item@>("/@name@", {visible, owned, owned, owned})},
            .permissions = {{"@name@.manage", "Change every @item@", {Role::admin, Role::manager}}}};
}

}  // namespace tamiti::@name@
