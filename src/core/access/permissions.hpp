#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/access/role.hpp"

namespace tamiti {

/// A right that roles hold, declared in an app's app.cpp: {"tasks.assign", "Assign tasks to others",
/// {Role::admin, Role::manager}}.
struct Permission {
    std::string code;
    std::string label;
    RoleSet roles;
};

/// All permissions of the installed apps.
class Permissions {
public:
    /// A code declared twice throws std::logic_error.
    void add(const Permission& permission);

    /// Whether one of the roles holds it. A code that nobody declared throws std::logic_error: a misspelt
    /// permission must not silently become "no".
    bool allows(RoleSet roles, std::string_view code) const;

    bool knows(std::string_view code) const;
    const std::vector<Permission>& all() const { return all_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::vector<Permission> all_{};
    std::unordered_map<std::string, RoleSet, Hash, std::equal_to<>> roles_{};
};

}  // namespace tamiti
