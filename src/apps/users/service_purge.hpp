#pragma once

#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// Forgetting people who were here for a while only.
namespace tamiti::users {

/// A temporary account whose time is over, and whether open work names the person still.
struct EndedAccount {
    User person{};
    bool has_work = false;
};

/// Temporary accounts that ended before that moment and whose people aren't erased yet, the first to end
/// first.
std::vector<EndedAccount> ended_accounts(ReadTx& tx, Timestamp before);

/// Makes the person of such an account unrecognisable, as `erase` does; its tokens and invitations end.
/// Answers false, and changes nothing, where the account was given more time meanwhile, is erased already, or
/// open work names the person: that is to be handed over first.
bool purge_account(Tx& tx, const Actor& who, Id<User> id, Timestamp before);

}  // namespace tamiti::users
