#pragma once

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// Rules of every write to a user, whoever makes it.
namespace tamiti::users {

/// The username in lower case, working hours of the right form, no circle of managers; nobody changes what
/// they themselves may do, no access token changes what anybody may do, and one admin always remains who can
/// sign in. An erased person stays as they are.
void before_save(Tx& tx, const Actor& who, User& next, const User* before);

/// Lets requests of the person see the change at once; where it closes the account, does all that closing
/// does but hand over the work; where it takes back a proof, tells listeners (`UserUnverified`).
void after_save(Tx& tx, const Actor& who, const User& now, const User* before);

/// Throws the Problem 409 where the person's data were erased: nothing is written back into such a row.
void require_not_erased(const User& user);

}  // namespace tamiti::users
