#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/passwords/mail_request.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Passwords: proving, changing and resetting them.
namespace tamiti::auth {

struct PasswordChange {
    std::string current{};
    std::string password{};
};
const Shape& shape_of(tag<PasswordChange>);

struct PasswordReset {
    std::string token{};
    std::string password{};
};
const Shape& shape_of(tag<PasswordReset>);

/// Replaces the actor's password, given the present one, and ends all other sessions.
void change_password(Tx& tx, const Actor& who, PasswordChange asked);

/// Mails a link for a new password to the stored address; answers alike for every address (202).
Receipt ask_for_reset(Tx& tx, const Actor& who, MailRequest asked);

/// Sets a new password by the link that was mailed, ends every session and signs nobody in. The link also
/// proves the address: what somebody else registered with it is worthless from then on.
Receipt reset_password(Tx& tx, const Actor& who, PasswordReset asked);

/// The actor's account, once they have typed its password again. A wrong one is a 422 that names the field,
/// whoever didn't sign in themselves 403, too many tries 429. Holds no connection while the password is
/// hashed.
Account prove_own_password(Tx& tx, const Actor& who, std::string_view field, const std::string& password);

}  // namespace tamiti::auth
