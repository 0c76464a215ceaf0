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
    account_closed,
    password_changed,
    password_reset
};
BOOST_DESCRIBE_ENUM(EndReason, logged_out, logged_out_everywhere, ended_elsewhere, token_reused,
                    account_closed, password_changed, password_reset)

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

/// By what somebody signed in, or tried to.
enum class SignInKind : std::uint8_t { password, second_factor, recovery_code, refresh };
BOOST_DESCRIBE_ENUM(SignInKind, password, second_factor, recovery_code, refresh)

/// What a person gives to a program instead of a password. The secret part is elsewhere.
struct PersonalToken {
    Id<PersonalToken> id{};
    Id<users::User> account{};
    std::string name{};
    Tags grants{};  ///< "projects:read", "*:write"
    Timestamp expires_at{};
    std::optional<Timestamp> revoked_at{};
    std::optional<Timestamp> warned_at{};  ///< when its holder was told that it ends soon
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<PersonalToken>);

/// One time that an admin looked at the studio as somebody else.
struct View {
    Id<View> id{};
    Id<users::User> admin{};
    Id<users::User> person{};
    Id<Session> session{};  ///< of the admin; the view ends with it
    std::string reason{};
    Timestamp expires_at{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<View>);

}  // namespace tamiti::auth
