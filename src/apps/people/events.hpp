#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "apps/users/models.hpp"

/// What others may listen to.
namespace tamiti::people {

/// Somebody followed the link of an invitation and has an account now. It is told within the transaction that
/// makes the account, so what an app gives the new person they have when they first sign in.
struct InvitationAccepted {
    static constexpr std::string_view event_name = "people.invitation_accepted";
    Id<users::Invitation> invitation{};
    Id<users::User> account{};
};
BOOST_DESCRIBE_STRUCT(InvitationAccepted, (), (invitation, account))

}  // namespace tamiti::people
