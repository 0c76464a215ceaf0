#include "core/access/role_names.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/enum_names.hpp"
#include "core/base/text.hpp"

namespace tamiti {

RoleSet roles_named(std::string_view list, std::string_view whose) {
    static const std::vector<std::string> known = enum_names<Role>();
    std::vector<Role> roles;
    for (const std::string_view part : split(list, ',')) {
        const std::string_view name = trim(part);
        if (name.empty()) continue;
        if (std::ranges::find(known, name) == known.end()) {
            throw std::invalid_argument(std::string(whose) + " names \"" + std::string(name) +
                                        "\", which is no role; the roles are " + join(known, ", ") + ".");
        }
        roles.push_back(enum_value<Role>(name));
    }
    return RoleSet(roles);
}

}  // namespace tamiti
