#pragma once

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"

/// Who sees and makes invitations.
namespace tamiti::people {

/// Who manages people sees every invitation, who may invite sees their own.
Scope visible_invitations(const Actor& who);

/// Who may invite.
Scope new_invitations(const Actor& who);

/// Spreadsheets of people are for who manages them.
Scope visible_imports(const Actor& who);

}  // namespace tamiti::people
