#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/permissions.hpp"
#include "core/base/uuid.hpp"

namespace tamiti {

/// Who asks: a signed-in user, nobody (anonymous) or the system itself.
struct Actor {
    Uuid id{};  ///< of the user; nil for anonymous and for the system
    RoleSet roles{};
    Uuid session{};  ///< the session that the access token belongs to
    Uuid token{};    ///< the personal access token that was sent instead; nil for a session
    std::shared_ptr<const std::vector<std::string>>
        grants{};                  ///< of that token: "projects:read", "tasks:write", "*:read"
    Uuid viewed_by{};              ///< an admin who looks as this person and changes nothing; nil otherwise
    bool by_cookie = false;        ///< signed in by cookie: writes need the CSRF token
    bool must_add_factor = false;  ///< the role demands a second factor that this person hasn't set up
    bool is_verified = true;
    std::string time_zone = "UTC";  ///< decides what "today" is
    std::string calling_code{};     ///< of the site's country, whose telephone numbers may be sent without it
    std::string language = "en";    ///< of labels: ISO 639-1
    std::string address{};
    std::string user_agent{};
    std::string request_id{};
    std::string via{};       ///< how a change came about where no session made it; see db::Cause
    bool is_system = false;  ///< the program's own work: may everything
    const Permissions* permissions = nullptr;

    bool is_anonymous() const { return id.is_nil() && !is_system; }
    bool has(Role role) const { return roles.has(role); }

    /// Whether the actor holds that permission; the system holds all.
    bool can(std::string_view code) const {
        return is_system || (permissions && permissions->allows(roles, code));
    }

    /// The program's own work; `via` says which: "job tasks.send_reminder", "command createsuperuser".
    static Actor system(std::string via = {}) {
        Actor actor;
        actor.is_system = true;
        actor.via = std::move(via);
        return actor;
    }
};

}  // namespace tamiti
