#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>

#include "apps/auth/service.hpp"

/// Verbs about passwords and the addresses that prove whose they are.
namespace tamiti::auth {

/// The token of a link in a mail.
struct LinkToken {
    std::string token{};
};
BOOST_DESCRIBE_STRUCT(LinkToken, (), (token))
Rules rules_for(tag<LinkToken>, std::string_view member);

/// What confirms an address: that the mail was read, and that the one who reads it is the one who registered.
struct Verification {
    std::string token{};
    std::string password{};
};
BOOST_DESCRIBE_STRUCT(Verification, (), (token, password))
Rules rules_for(tag<Verification>, std::string_view member);

/// An address that mails are asked for.
struct MailRequest {
    Email email{};
};
BOOST_DESCRIBE_STRUCT(MailRequest, (), (email))
Rules rules_for(tag<MailRequest>, std::string_view member);

struct PasswordChange {
    std::string current{};
    std::string password{};
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (current, password))
Rules rules_for(tag<PasswordChange>, std::string_view member);

struct PasswordReset {
    std::string token{};
    std::string password{};
};
BOOST_DESCRIBE_STRUCT(PasswordReset, (), (token, password))
Rules rules_for(tag<PasswordReset>, std::string_view member);

struct AddressChange {
    Email email{};
    std::string password{};
};
BOOST_DESCRIBE_STRUCT(AddressChange, (), (email, password))
Rules rules_for(tag<AddressChange>, std::string_view member);

/// Proves an address by the link that was mailed to it, on whatever device, with the password that was chosen
/// when registering. Without that whoever registers with somebody else's address would have its owner open
/// the account for them. Throws `invalid_link`; a wrong password is a 422 that says how to set another, and
/// leaves the link as it is.
Receipt verify_address(Tx& tx, const Actor& who, const Call& call, Verification asked);

/// Mails another link to an address that is yet to be proven; answers alike for every address (202).
Receipt resend_verification(Tx& tx, const Actor& who, const Call& call, MailRequest asked);

/// Replaces the actor's password, given the present one, and ends all other sessions.
void change_password(Tx& tx, const Actor& who, const Call& call, PasswordChange asked);

/// Mails a link for a new password to the stored address; answers alike for every address (202).
Receipt ask_for_reset(Tx& tx, const Actor& who, const Call& call, MailRequest asked);

/// Sets a new password by the link that was mailed, ends every session and signs nobody in. The link also
/// proves the address: what somebody else registered with it is worthless from then on.
Receipt reset_password(Tx& tx, const Actor& who, const Call& call, PasswordReset asked);

/// Mails a link to the new address, and a notice to the old one, which stays until the link is used. Whether
/// somebody has the new address is not told.
Receipt ask_for_address(Tx& tx, const Actor& who, const Call& call, AddressChange asked);

/// Makes the new address the account's own by the link that was mailed to it. Throws `invalid_link`, or 409
/// "auth.address_taken" where somebody else has proven the address meanwhile.
Receipt confirm_address(Tx& tx, const Actor& who, const Call& call, LinkToken asked);

}  // namespace tamiti::auth
