#pragma once

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"

/// The studio's people see all @name@. Who owns one changes it; holders of @name@.manage change all.
namespace tamiti::@name@ {

Scope visible(const Actor& who);
Scope owned(const Actor& who);

}  // namespace tamiti::@name@
