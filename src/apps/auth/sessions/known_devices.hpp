#pragma once

#include <string>
#include <string_view>

#include "apps/users/models.hpp"
#include "core/site/site.hpp"

/// Devices that an account was signed in to from. A device keeps a signed token, which is worth nothing but a
/// counter of its own: strangers who guess at the account can't lock its owner out there.
namespace tamiti::auth {

/// A token for a device that somebody just signed in with; it holds for a year.
std::string issue_device(const Site& site, Id<users::User> account, Timestamp now);

/// The id of the device that the token was issued to; empty where the token isn't genuine, has expired or
/// belongs to another account.
std::string device_id(const Site& site, Id<users::User> account, std::string_view token, Timestamp now);

}  // namespace tamiti::auth
