#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "apps/users/events.hpp"
#include "apps/users/models.hpp"
#include "core/jobs/declaration.hpp"
#include "core/model/tx.hpp"

/// Work that nobody waits for. Jobs that were made before this app was apart from auth are waiting still, so
/// that their names begin with auth.
namespace tamiti::people {

/// Issues and mails the link of an invitation, or tells a person who has an account. Whether the address is
/// known is looked up here alone, so that the answer of inviting and its time are the same for every address.
struct SendInvitation {
    static constexpr std::string_view job_name = "auth.send_invitation";
    Id<users::Invitation> invitation{};
};
BOOST_DESCRIBE_STRUCT(SendInvitation, (), (invitation))
JobResult mail_invitation(Tx& tx, const SendInvitation& job);

/// Calls invitations expired whose time is over.
struct ExpireInvitations {
    static constexpr std::string_view job_name = "auth.expire_invitations";
};
BOOST_DESCRIBE_STRUCT(ExpireInvitations, (), ())
JobResult expire_invitations(Tx& tx, const ExpireInvitations& job);

/// Makes the document that a person asked for.
struct GatherPersonalData {
    static constexpr std::string_view job_name = "auth.gather_personal_data";
    Id<users::User> person{};
};
BOOST_DESCRIBE_STRUCT(GatherPersonalData, (), (person))
/// Its attempts end well within the hour after which the export counts as failed.
inline const JobRules gathering{.max_attempts = 8};
JobResult gather_personal_data(Tx& tx, const GatherPersonalData& job);

/// Removes documents a week after they were made.
struct ForgetExports {
    static constexpr std::string_view job_name = "auth.forget_exports";
};
BOOST_DESCRIBE_STRUCT(ForgetExports, (), ())
JobResult forget_exports(Tx& tx, const ForgetExports& job);

/// Removes the document of a person whose account was closed, unless it was asked for after a return.
void forget_export_of(Tx& tx, const users::UserDeactivated& event);

}  // namespace tamiti::people
