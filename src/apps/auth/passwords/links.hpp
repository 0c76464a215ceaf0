#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apps/users/models.hpp"
#include "core/model/tx.hpp"

/// One-time links: what a person gets by mail to prove that the address is theirs. A token is 256 random
/// bits, kept as SHA-256, good for one purpose and one use. A verb that takes a link lives in an app above
/// this one, as the acceptance of an invitation does, or here.
namespace tamiti::auth {

/// What a link is good for; a token of one purpose is worthless for another.
enum class Purpose : std::uint8_t { verify_address, reset_password, change_email, invitation };
BOOST_DESCRIBE_ENUM(Purpose, verify_address, reset_password, change_email, invitation)

/// What a used link proves: somebody read the mail that went to `address` about `subject`.
struct Link {
    Uuid subject{};                            ///< the account, or what else the link was issued for
    std::optional<Id<users::User>> account{};  ///< nothing where the link is about no account yet
    std::string address{};                     ///< as it was when the link was issued
};
BOOST_DESCRIBE_STRUCT(Link, (), (subject, account, address))

/// How long a link lives: a reset 30 minutes, an invitation 7 days, the others 24 hours.
std::chrono::seconds lifetime_of(Purpose purpose);

/// Makes the token of a new link. An older unused one of that purpose and account dies with it.
std::string issue_link(Tx& tx, Purpose purpose, Id<users::User> account, const std::string& address);

/// The same about something that is no account, such as an invitation of a person who has none yet.
std::string issue_link(Tx& tx, Purpose purpose, const Uuid& subject, const std::string& address);

/// Uses up a link. Nothing where it is unknown, used, expired, replaced by a newer one or for another
/// purpose. Of many who try at once exactly one gets it. Throwing afterwards leaves it unused.
std::optional<Link> use_link(Tx& tx, Purpose purpose, std::string_view token);

/// The same without using it up: whether it is worth hashing a password for.
std::optional<Link> look_at_link(ReadTx& tx, Purpose purpose, std::string_view token);

/// Makes all unused links of that account worthless, or those of one purpose: its password or address has
/// changed.
void void_links(Tx& tx, Id<users::User> account);
void void_links(Tx& tx, Id<users::User> account, Purpose purpose);

/// The Problem for a link that doesn't hold (422 "auth.invalid_link"), whatever the reason.
Problem invalid_link();

}  // namespace tamiti::auth
