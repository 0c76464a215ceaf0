#pragma once

#include <string>
#include <string_view>

#include "apps/auth/sign_in/accounts.hpp"
#include "core/model/tx.hpp"

/// The mails of signing in, each written in the transaction of what it tells about. All but the two that go
/// to an address that is yet to be proven go to the stored address.
namespace tamiti::auth {

/// With a new link, or with one that was issued already.
void send_verification(Tx& tx, const Account& account);
void send_verification(Tx& tx, const Account& account, const std::string& token);

void send_reset(Tx& tx, const Account& account);

/// To somebody who asks for an account and has one.
void tell_that_registered(Tx& tx, const Account& account);

/// To an address that nobody has: the username that was asked for is somebody else's.
void tell_that_name_is_taken(Tx& tx, const std::string& address);

void tell_of_new_sign_in(Tx& tx, const Account& account, std::string_view device, std::string_view address);
void tell_of_password_change(Tx& tx, const Account& account, std::string_view address);
void tell_of_operators_password(Tx& tx, const Account& account);
void tell_of_reuse(Tx& tx, const Account& account, std::string_view device);

/// To the new address, which the link proves.
void send_address_confirmation(Tx& tx, const Account& account, const std::string& new_address);
void tell_of_address_request(Tx& tx, const Account& account, const std::string& new_address);
void tell_of_address_change(Tx& tx, const Account& account, const std::string& new_address);

}  // namespace tamiti::auth
