#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/users/models.hpp"

/// What others may listen to.
namespace tamiti::users {

/// An account was closed. Its sessions are over already: a listener ends what else would outlive them.
struct UserDeactivated {
    static constexpr std::string_view event_name = "users.user_deactivated";
    Id<User> user{};
    std::optional<Id<User>> by{};  ///< nothing where the program or an operator did it
    std::string reason{};          ///< the studio's own words, not for the person
    Timestamp at{};                ///< what began later, after a return, goes on
};
BOOST_DESCRIBE_STRUCT(UserDeactivated, (), (user, by, reason, at))

/// The proof of a person's address was taken back. Their sessions are over already, as when the account is
/// closed; a new proof doesn't bring them back.
struct UserUnverified {
    static constexpr std::string_view event_name = "users.user_unverified";
    Id<User> user{};
    Timestamp at{};  ///< what began later, with a new proof, goes on
};
BOOST_DESCRIBE_STRUCT(UserUnverified, (), (user, at))

/// The time of a temporary account is over.
struct UserExpired {
    static constexpr std::string_view event_name = "users.user_expired";
    Id<User> user{};
    std::optional<Timestamp> expires_at{};
    Timestamp at{};  ///< when that was found; what began later, in a longer time, goes on
};
BOOST_DESCRIBE_STRUCT(UserExpired, (), (user, expires_at, at))

}  // namespace tamiti::users
