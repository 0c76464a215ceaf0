#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/access/tokens.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"
#include "core/program/app.hpp"

/// Looking at the studio as somebody else sees it, to help them: for ten minutes, changing nothing, and
/// written down.
namespace tamiti::auth {

struct ViewAs {
    std::string reason{};
};
const Shape& shape_of(tag<ViewAs>);

/// An access token that reads as the person reads. It can't be refreshed.
struct ViewToken {
    std::string access{};
    std::string token_type = "Bearer";
    int expires_in = 0;  ///< seconds
    Id<View> view{};
};
BOOST_DESCRIBE_STRUCT(ViewToken, (), (access, token_type, expires_in, view))

/// Begins to look as that person. Never as oneself, nor as somebody who may do what the actor may not, nor as
/// one who could not sign in; the token ends with the actor's own session.
ViewToken view_as(Tx& tx, const Actor& who, Id<users::User> person, ViewAs asked);

/// Who asks with such a token; throws `invalid_token` where the admin's session has ended, or the admin may
/// not look as that person any more.
Actor viewing_actor(Site& site, const AccessClaims& claims);

}  // namespace tamiti::auth
