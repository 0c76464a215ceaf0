#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/service.hpp"

/// Refresh tokens: 256 random bits, single-use, each the parent of the next (RFC 9700, 4.14).
namespace tamiti::auth {

/// What the database keeps of a token.
std::string token_hash(std::string_view token);

/// Gives the successor of a token and marks the token as used by that actor's client. Nothing where the token
/// or its session doesn't hold; the transaction must be committed all the same, because a token that was used
/// before ends its session, and its owner is told.
std::optional<Tokens> rotate(Tx& tx, const Actor& who, const std::string& token);

/// Ends one session, if it is open still. Whether there was one to end.
bool end(Tx& tx, Id<Session> session, EndReason reason);

}  // namespace tamiti::auth
