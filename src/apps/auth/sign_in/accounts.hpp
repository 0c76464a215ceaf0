#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/passwords/links.hpp"
#include "apps/users/models.hpp"
#include "core/model/tx.hpp"

/// What signing in needs to know of an account.
namespace tamiti::auth {

struct Account {
    Id<users::User> id{};
    std::string name{};  ///< what mails call the person
    std::string username{};
    std::string address{};  ///< the stored one, where mails go
    std::string language = "en";
    std::string time_zone = "UTC";
    std::string hash{};    ///< of the password; empty where there is none
    bool is_open = false;  ///< active and not expired
    bool is_verified = false;
    bool knows_network = false;  ///< somebody has signed in to it from the network that was asked about
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, name, username, address, language, time_zone, hash, is_open, is_verified,
                       knows_network))

/// What somebody typed to name an account, in the one form that counters and look-ups use: a telephone number
/// as E.164, everything else in lower case.
std::string normalise_identifier(std::string_view typed, const Site& site);

/// The account that a person means by a username, an address or a telephone number in normalised form. An
/// address has an @, a telephone number begins with + and every username has a letter, so that no two
/// accounts are meant.
std::optional<Account> find_account(ReadTx& tx, const std::string& identifier, const std::string& network);

/// The account of an address, whether or not it is open.
std::optional<Account> account_of_address(ReadTx& tx, std::string_view address);

/// The account with that id; nothing where it is gone.
std::optional<Account> account_of(ReadTx& tx, Id<users::User> id);

/// The open account that a link is about, where it still has the address that the link was mailed to.
std::optional<Account> account_of_link(ReadTx& tx, const std::optional<Link>& link);

}  // namespace tamiti::auth
