#pragma once

#include <optional>
#include <string>

#include "apps/people/events.hpp"
#include "apps/projects/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// How people join the clients of the studio.
namespace tamiti::projects {

/// Somebody who is asked to join a client.
struct ClientGuest {
    Email email{};
    std::optional<std::string> first_name{};
    std::optional<std::string> last_name{};
    std::optional<std::string> job_title{};
    std::optional<std::string> message{};
};
const Shape& shape_of(tag<ClientGuest>);

/// Invites somebody as a user of role client who is one of the client's people from the first moment. The
/// rules of invitations hold.
users::Invitation invite(Tx& tx, const Actor& who, Client client, ClientGuest guest);

/// Makes who accepted such an invitation one of the client's people.
void welcome(Tx& tx, const people::InvitationAccepted& event);

}  // namespace tamiti::projects
