#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
struct Call;
}

/// Pictures of people: as they were sent, PNG or JPEG of at most 1 MB.
namespace tamiti::users {

/// A picture of a person; the row that keeps its bytes.
struct Avatar {};

/// Where a person's picture is.
struct AvatarPlace {
    std::string avatar{};  ///< empty without one
};
BOOST_DESCRIBE_STRUCT(AvatarPlace, (), (avatar))

/// Keeps the bytes of the call as the actor's picture, in place of an earlier one; 20 an hour (429). Bytes
/// that aren't of the type that is said are refused (422).
AvatarPlace set_avatar(Tx& tx, const Actor& who, const Call& call);

/// Takes the actor's picture away; without one nothing happens.
void remove_avatar(Tx& tx, const Actor& who);

/// Answers a picture to whoever is signed in and was told where it is: its id is in the brief form of the
/// person alone, and a new picture has another.
void show_avatar(ReadTx& tx, const Actor& who, Id<Avatar> id, const Call& call);

}  // namespace tamiti::users
