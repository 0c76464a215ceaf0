#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "apps/auth/passwords/mail_request.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"
#include "core/model/types.hpp"

/// Getting an account, and confirming the address that it was asked for with.
namespace tamiti {
struct StoredSettings;
}

namespace tamiti::auth {

/// Who may get an account: everybody who asks for one, only who is invited, or nobody.
enum class SelfRegistrationMode : std::uint8_t { open, invite, closed };
BOOST_DESCRIBE_ENUM(SelfRegistrationMode, open, invite, closed)

/// Whether people may make accounts of their own; where nobody set it, as the deployment says.
struct SelfRegistration {
    SelfRegistrationMode mode = SelfRegistrationMode::open;
    Tags domains{};  ///< of the mail addresses that may; any where there are none
};
const StoredSettings& settings_of(tag<SelfRegistration>);

struct Registration {
    std::string username{};
    Email email{};
    std::string password{};
    std::optional<std::string> first_name{};
    std::optional<std::string> last_name{};
};
const Shape& shape_of(tag<Registration>);

/// What confirms an address: that the mail was read, and that the one who reads it is the one who registered.
struct Verification {
    std::string token{};
    std::string password{};
};
const Shape& shape_of(tag<Verification>);

/// Makes an account with the role `client`, which sees nothing but itself, and mails a link that proves its
/// address. What it answers, and how fast, doesn't tell whether the username or the address was known
/// already; a mail to its owner does.
Receipt register_account(Tx& tx, const Actor& who, Registration asked);

/// Proves an address by the link that was mailed to it, on whatever device, with the password that was chosen
/// when registering. Without that whoever registers with somebody else's address would have its owner open
/// the account for them. Throws `invalid_link`; a wrong password is a 422 that says how to set another, and
/// leaves the link as it is.
Receipt verify_address(Tx& tx, const Actor& who, Verification asked);

/// Mails another link to an address that is yet to be proven; answers alike for every address (202).
Receipt resend_verification(Tx& tx, const Actor& who, MailRequest asked);

}  // namespace tamiti::auth
