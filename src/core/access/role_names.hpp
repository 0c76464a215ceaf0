#pragma once

#include <string_view>

#include "core/access/role.hpp"

namespace tamiti {

/// The roles of a list such as "admin, finance"; none for an empty list. A name that is no role throws
/// std::invalid_argument with a sentence that begins with `whose` and says which roles there are.
RoleSet roles_named(std::string_view list, std::string_view whose);

}  // namespace tamiti
