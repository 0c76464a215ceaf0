#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Tokens of a session. Refresh tokens are 256 random bits, single-use, each the parent of the next (RFC
/// 9700, 4.14).
namespace tamiti::auth {

/// What a client gets who signed in: the access token goes with every request, the refresh token buys the
/// next pair, once.
struct Tokens {
    std::string access{};
    std::string refresh{};
    std::string token_type = "Bearer";
    int expires_in = 0;  ///< seconds that the access token lives
};
BOOST_DESCRIBE_STRUCT(Tokens, (), (access, refresh, token_type, expires_in))

struct Refresh {
    std::string refresh{};
};
const Shape& shape_of(tag<Refresh>);

/// Opens a session for that person, who has proven who they are.
Tokens open_session(Tx& tx, Id<users::User> account, std::string_view device, std::string_view address = {});

/// Takes a refresh token and gives the next pair. The same token again within ten seconds gives the same
/// successor, for clients whose answer was lost; later it means that the token was stolen, and the session
/// ends.
Tokens refresh(Tx& tx, const Actor& who, Refresh asked);

/// Gives the successor of a token and marks the token as used by that actor's client. Nothing where the token
/// or its session doesn't hold; the transaction must be committed all the same, because a token that was used
/// before ends its session, and its owner is told.
std::optional<Tokens> rotate(Tx& tx, const Actor& who, const std::string& token);

}  // namespace tamiti::auth
