#pragma once

#include <string>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"

namespace tamiti::users {

/// Everybody of the studio: all roles but the client's.
inline constexpr RoleSet staff_roles = {Role::admin,   Role::manager, Role::finance, Role::content,
                                        Role::digital, Role::field,   Role::staff};

/// Who runs the studio.
inline constexpr RoleSet manager_roles = {Role::admin, Role::manager};

/// The studio's people see each other; a client sees only themselves.
Scope visible(const Actor& who);

/// Whoever is signed in reads who the people are that rows name which they see: authors, owners, members.
Scope named_to(const Actor& who);

/// Departments, branches and designations are the studio's own affair.
Scope visible_structure(const Actor& who);

/// Only who manages people changes their rows; everybody changes their own facts through /users/me.
Scope manageable(const Actor& who);

/// The rows, of whatever model, whose field of that name refers to somebody of the actor's department, the
/// actor among them; none where they have none.
Scope of_own_department(const Actor& who, const std::string& field);

/// The actor's own row.
Scope own(const Actor& who);

}  // namespace tamiti::users
