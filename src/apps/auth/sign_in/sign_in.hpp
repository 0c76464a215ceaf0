#pragma once

#include <string>
#include <string_view>

#include "apps/auth/service.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"

/// The steps of signing in: proving the password, and opening the session. A second factor goes between them.
namespace tamiti::auth {

/// Who has proven what.
struct Proven {
    Account account{};
    Attempt attempt{};
    std::string old_hash{};  ///< what the password was checked against; empty where none was
    std::string new_hash{};  ///< to keep instead, where the parameters of hashing have changed
    SignInKind kind = SignInKind::password;
};

/// Checks what was typed. Throws 429 where there were too many tries, 401 "auth.wrong_credentials" for
/// everything that may be wrong, in the same time, and 403 "auth.unverified" where all but the address was
/// proven. Holds no connection while the password is hashed. Every try is written down.
Proven prove_password(Site& site, const Actor& who, const LogIn& asked);

/// Opens the session of somebody who has proven enough: notes the sign-in, tells the owner of a new device by
/// mail. Throws 401 where the password was changed or the account closed meanwhile.
SignedIn start_session(Tx& tx, const Actor& who, const Proven& proven);

/// Writes down a try that failed, in a transaction of its own that holds whatever follows.
void note_failure(Site& site, const Actor& who, const Proven& proven, std::string_view reason);

/// Writes down one sign-in, refresh or try.
void note_sign_in(Tx& tx, std::optional<Id<users::User>> account, SignInKind kind, bool succeeded,
                  std::string_view reason, std::string_view address, std::string_view device);

/// What a client calls itself, as far as it is text that one can show.
std::string device_of(const Actor& who);

/// Tokens stay out of every cache, whatever a proxy believes.
void forbid_storing(const Call& call);

/// The one answer for every failure to sign in.
Problem wrong_credentials();

}  // namespace tamiti::auth
