#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Asking people to join: the rows are of `users`, which cancels those of a person who leaves; the links and
/// the passwords are of `auth`.
namespace tamiti::people {

/// What somebody sends who follows the link of an invitation.
struct Acceptance {
    std::string token{};
    std::string username{};
    std::string password{};
    std::optional<std::string> first_name{};  ///< as the invitation has it where left out
    std::optional<std::string> last_name{};
};
const Shape& shape_of(tag<Acceptance>);

/// The account that came of an invitation; its owner signs in next.
struct Joined {
    Id<users::User> id{};
    std::string username{};
    std::vector<Role> roles{};
};
BOOST_DESCRIBE_STRUCT(Joined, (), (id, username, roles))

/// Makes the account of an invitation: verified, since the link came by mail, with the roles and the end that
/// the invitation says. A link that doesn't hold, whatever the reason, is 422 "auth.invalid_link".
Joined accept_invitation(Tx& tx, const Actor& who, Acceptance asked);

/// Sends the mail again, with a new link that makes the older one worthless and lives another week.
users::Invitation resend_invitation(Tx& tx, const Actor& who, Id<users::Invitation> id);

/// Takes an invitation back. Calling it twice changes nothing.
users::Invitation cancel_invitation(Tx& tx, const Actor& who, Id<users::Invitation> id);

// Rules of writing an invitation; app.cpp mounts them. A known address is answered exactly as an unknown one:
// the known person gets a mail that says so instead of a link.

/// Content, digital, field, staff and client are anybody's to give who may invite; the other roles take
/// somebody who manages people.
void before_invite(Tx& tx, const Actor& who, users::Invitation& next, const users::Invitation* before);
/// Sends the mail.
void after_invite(Tx& tx, const Actor& who, const users::Invitation& now, const users::Invitation* before);

/// Ends what nobody called expired yet of the invitations to these addresses: it must not stand in the way of
/// new ones.
void make_room_for(Tx& tx, const std::vector<std::string>& addresses);

/// Checks an invitation that is about to be made and fills in what the program sets; after `make_room_for`.
void prepare_invitation(Tx& tx, const Actor& who, users::Invitation& next);

/// Has the link of an invitation issued and mailed by a job, which alone looks whether the address is known:
/// the answer and its time are the same for every address.
void send_invitation(Tx& tx, Id<users::Invitation> id);

}  // namespace tamiti::people
