#include "core/program/app.hpp"

#include "apps/@name@/access.hpp"
#include "apps/@name@/service.hpp"
#include "core/api/route.hpp"

namespace tamiti::@name@ {

App app() {
    return {.name = "@name@",
            .doc = "What there is of @name@, and whose it is.",
            .resources = {resource<@Item@>(
                "/@name@", {.view = visible, .create = owned, .change = owned, .remove = owned})},
            .routes = {post("/@name@/{id}/retire", retire, "Put one @item@ out of use.", on<@Item@>(owned))},
            .permissions = {{"@name@.manage", "Change every @item@", {Role::admin, Role::manager}}}};
}

}  // namespace tamiti::@name@
