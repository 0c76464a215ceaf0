#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// The record of who signed in, or tried to, when and from where.
namespace tamiti::auth {

/// Writes down one sign-in, refresh or try.
void note_sign_in(Tx& tx, std::optional<Id<users::User>> account, SignInKind kind, bool succeeded,
                  std::string_view reason, std::string_view address, std::string_view device);

/// What a client calls itself, as far as it is text that one can show.
std::string device_of(const Actor& who);

/// Up to when the record of sign-ins is asked for; now where it is left out.
struct SignInsBefore {
    std::optional<Timestamp> before{};
};
const Shape& shape_of(tag<SignInsBefore>);

/// One sign-in or one try, as the owner of the account sees it. Of the refreshes of a session the first of
/// each day (UTC) is written down, and those that failed because the token was used before.
struct SignIn {
    Timestamp at{};
    SignInKind kind = SignInKind::password;
    bool succeeded = false;
    /// Why it failed: wrong_password, locked, unverified, closed, wrong_code, token_reused.
    std::string reason{};
    std::string address{};
    std::string device{};  ///< what the client calls itself
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (at, kind, succeeded, reason, address, device))

/// The newest hundred sign-ins and tries of the actor's account before that time.
std::vector<SignIn> sign_ins(ReadTx& tx, const Actor& who, SignInsBefore asked);

}  // namespace tamiti::auth
