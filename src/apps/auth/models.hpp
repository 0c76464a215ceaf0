#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "apps/users/models.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/model.hpp"

/// How people sign in and stay signed in.
namespace tamiti::auth {

/// Why a session was ended before its time.
enum class EndReason : std::uint8_t {
    logged_out,
    logged_out_everywhere,
    ended_elsewhere,
    token_reused,
    account_closed
};
BOOST_DESCRIBE_ENUM(EndReason, logged_out, logged_out_everywhere, ended_elsewhere, token_reused,
                    account_closed)

/// One sign-in on one device and all the refresh tokens that follow from it.
struct Session {
    Id<Session> id{};
    Id<users::User> account{};
    std::string device{};      ///< what the client calls itself
    std::string address{};     ///< where it signed in from
    Timestamp last_used_at{};  ///< the last refresh
    Timestamp expires_at{};    ///< however often it is refreshed
    std::optional<Timestamp> ended_at{};
    std::optional<EndReason> end_reason{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Session>);

}  // namespace tamiti::auth
