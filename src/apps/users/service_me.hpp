#pragma once

#include <optional>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
struct Call;
}

namespace tamiti::users {

/// A person's own account, as they see it: their row, but for what the studio notes for itself, and what they
/// may do. In JSON the members of the row are members of it.
struct Me {
    User row{};
    Tags permissions{};                   ///< codes that the roles hold
    bool must_add_factor = false;         ///< the studio asks for a second factor before anything else
    std::optional<Id<User>> viewed_by{};  ///< the admin who looks as this person and changes nothing
};
/// The fields of the model and those that Me adds.
const Shape& shape_of(tag<Me>);

/// The actor's own account.
Me me(ReadTx& tx, const Actor& who);

/// How somebody wants to read their own account.
struct MeQuery {
    std::optional<std::string> fields{};
    std::optional<std::string> expand{};
};
const Shape& shape_of(tag<MeQuery>);

/// Answers the actor's own account, with the fields and the rows behind references that are asked for.
void read_me(ReadTx& tx, const Actor& who, const Call& call, const MeQuery& asked);

/// Changes the actor's own account from the JSON body of the call, by the rules of the model: a field that
/// only others may set (roles, email) is refused by name.
Me change_me(Tx& tx, const Actor& who, const Call& call);

}  // namespace tamiti::users
