#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// A person's own sessions: where they are signed in, and signing out.
namespace tamiti::auth {

struct LogOut {
    std::optional<std::string> refresh{};
};
const Shape& shape_of(tag<LogOut>);

/// A session as its owner sees it.
struct OpenSession {
    Id<Session> id{};
    std::string device{};
    std::string address{};
    Timestamp created_at{};
    Timestamp last_used_at{};
    Timestamp expires_at{};
    bool is_current = false;  ///< the one that asks
};
BOOST_DESCRIBE_STRUCT(OpenSession, (),
                      (id, device, address, created_at, last_used_at, expires_at, is_current))

/// Ends the session of the refresh token, or of the access token where none is sent. Ending it twice changes
/// nothing.
void log_out(Tx& tx, const Actor& who, LogOut asked);
void log_out_everywhere(Tx& tx, const Actor& who);

/// The actor's open sessions, last used first.
std::vector<OpenSession> sessions(ReadTx& tx, const Actor& who);
void end_session(Tx& tx, const Actor& who, Id<Session> id);

}  // namespace tamiti::auth
