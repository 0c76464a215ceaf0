#pragma once

#include <string>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"
#include "core/program/app.hpp"

/// Making a person unrecognisable in what the studio keeps.
namespace tamiti::users {

/// What erasing takes: the username, typed once more.
struct Erasure {
    std::string confirm{};
};
const Shape& shape_of(tag<Erasure>);

/// Makes a deactivated person unrecognisable in all apps and in the history of changes. Rows that others need
/// (who owned a project, who approved a sum) stay and name a former member. Calling it again changes nothing.
User erase(Tx& tx, const Actor& who, Id<User> person, Erasure asked);

/// The app's own part of it.
void forget_person(Tx& tx, const Uuid& person);

}  // namespace tamiti::users
