#pragma once

#include <string>
#include <string_view>

#include "core/access/permissions.hpp"
#include "core/base/uuid.hpp"

namespace tamiti {

/// Who asks: a signed-in user, nobody (anonymous) or the system itself.
struct Actor {
    Uuid id{};  ///< of the user; nil for anonymous and for the system
    RoleSet roles{};
    Uuid session{};                 ///< the session that the access token belongs to
    std::string time_zone = "UTC";  ///< decides what "today" is
    std::string address{};
    std::string user_agent{};
    std::string request_id{};
    bool is_system = false;  ///< the program's own work: may everything
    const Permissions* permissions = nullptr;

    bool is_anonymous() const { return id.is_nil() && !is_system; }
    bool has(Role role) const { return roles.has(role); }

    /// Whether the actor holds that permission; the system holds all.
    bool can(std::string_view code) const {
        return is_system || (permissions && permissions->allows(roles, code));
    }

    static Actor system() {
        Actor actor;
        actor.is_system = true;
        return actor;
    }
};

}  // namespace tamiti
