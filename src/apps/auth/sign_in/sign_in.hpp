#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/models.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// The steps of signing in: proving the password, and opening the session. A second factor goes between them.
namespace tamiti::auth {

/// What a log in gives: the tokens, and one that the device keeps beyond them and sends with its next log in.
struct SignedIn {
    std::string access{};
    std::string refresh{};
    std::string token_type = "Bearer";
    int expires_in = 0;  ///< seconds that the access token lives
    std::string device{};
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (access, refresh, token_type, expires_in, device))

struct LogIn {
    std::string username{};  ///< or email address or telephone number
    std::string password{};
    std::optional<std::string> device{};  ///< of an earlier sign-in
    std::optional<std::string> code{};    ///< of the second factor
};
const Shape& shape_of(tag<LogIn>);

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

/// The one answer for every failure to sign in.
Problem wrong_credentials();

}  // namespace tamiti::auth
