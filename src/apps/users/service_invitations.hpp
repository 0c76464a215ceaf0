#pragma once

#include <limits>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/scope.hpp"
#include "core/model/tx.hpp"

/// Rows of invitations: what ends with an account, and what who invites must know of them.
namespace tamiti::users {

/// Ends pending invitations, those in the scope: `cancelled` all of them, `expired` those whose time is over.
/// The oldest `most` of them, in the order of their ids, so that two who do it at once wait for each other;
/// answers how many there were.
int end_invitations(Tx& tx, InvitationState as, const Scope& which,
                    int most = std::numeric_limits<int>::max());

/// Those of the addresses, in lower case, that have an invitation whose time isn't over.
std::vector<std::string> invited_among(ReadTx& tx, const std::vector<std::string>& addresses);

/// Whether an address, in whatever case, has an invitation that is pending, be its time over or not.
bool is_invited(ReadTx& tx, const std::string& address);

/// How many people joined by the invitations of a spreadsheet.
int joined_by(ReadTx& tx, Id<Import> import);

/// Forgets whom the invitations to an erased person were for, and what they said; that somebody was invited
/// stays. One that waits still ends: it couldn't be kept without the address. To be called while the person
/// still has their address.
void forget_invitations(Tx& tx, const Uuid& person, const std::string& former_address);

}  // namespace tamiti::users
