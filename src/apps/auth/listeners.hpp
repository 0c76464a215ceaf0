#pragma once

#include "apps/users/events.hpp"
#include "core/model/tx.hpp"

/// What follows for an account from what happened to its person.
namespace tamiti::auth {

/// Ends what would outlive a closed account: sessions, tokens of programs, links. Not what somebody began who
/// was let in again before this runs.
void end_access_of(Tx& tx, const users::UserDeactivated& event);

/// Neither a token nor a link to another address is left behind that would work again with the next proof.
void end_unproven_access_of(Tx& tx, const users::UserUnverified& event);

/// The session of a temporary account ends with its time; tokens may live again when the time is extended.
void end_sessions_of(Tx& tx, const users::UserExpired& event);

}  // namespace tamiti::auth
