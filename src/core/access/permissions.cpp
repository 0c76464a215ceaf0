#include "core/access/permissions.hpp"

#include <stdexcept>

namespace tamiti {

void Permissions::add(const Permission& permission) {
    if (!roles_.emplace(permission.code, permission.roles).second)
        throw std::logic_error("the permission " + permission.code + " is declared twice");
    all_.push_back(permission);
}

bool Permissions::allows(RoleSet roles, std::string_view code) const {
    const auto found = roles_.find(code);
    if (found == roles_.end()) throw std::logic_error("nobody declared the permission " + std::string(code));
    return roles.meets(found->second);
}

bool Permissions::knows(std::string_view code) const {
    return roles_.find(code) != roles_.end();
}

}  // namespace tamiti
