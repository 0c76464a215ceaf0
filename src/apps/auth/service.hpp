#pragma once

#include <string>

#include "apps/auth/passwords/links.hpp"          // for verbs that take a link
#include "apps/auth/sessions/refresh_tokens.hpp"  // open_session
#include "core/base/json.hpp"
#include "core/model/tx.hpp"

/// What other apps may ask of this one.
namespace tamiti::auth {

/// Sets or replaces the password of an account. The password must have been checked.
void set_password(Tx& tx, Id<users::User> account, const std::string& hash);

/// The sign-ins that succeeded, among them the first refresh of each day of a session, as a table to join:
/// account, kind, at.
Sql successful_sign_ins();

/// Writes as members of the open JSON object how a person signed in: "sessions", "sign_ins" and "tokens", of
/// each the newest `most`.
void write_personal_rows(ReadTx& tx, Id<users::User> person, int most, json::Writer& writer);

}  // namespace tamiti::auth
