#pragma once

#include <string>

#include "apps/auth/passwords/mail_request.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Changing the address that an account signs in with.
namespace tamiti::auth {

/// The token of a link in a mail.
struct LinkToken {
    std::string token{};
};
const Shape& shape_of(tag<LinkToken>);

struct AddressChange {
    Email email{};
    std::string password{};
};
const Shape& shape_of(tag<AddressChange>);

/// Mails a link to the new address, and a notice to the old one, which stays until the link is used. Whether
/// somebody has the new address is not told.
Receipt ask_for_address(Tx& tx, const Actor& who, AddressChange asked);

/// Makes the new address the account's own by the link that was mailed to it. Throws `invalid_link`, or 409
/// "auth.address_taken" where somebody else has proven the address meanwhile.
Receipt confirm_address(Tx& tx, const Actor& who, LinkToken asked);

}  // namespace tamiti::auth
