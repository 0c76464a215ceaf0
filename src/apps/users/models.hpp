#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/access/role.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/model.hpp"
#include "core/model/types.hpp"

/// The people who use the studio and where they belong.
namespace tamiti::users {

/// A part of the studio, such as Production.
struct Department {
    Id<Department> id{};
    std::string name{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Department>);

/// A place where the studio works.
struct Branch {
    Id<Branch> id{};
    std::string name{};
    LongText address{};
    TimeZone time_zone{"Africa/Kampala"};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Branch>);

/// A rank or title that several people hold, such as Senior designer.
struct Designation {
    Id<Designation> id{};
    std::string name{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Designation>);

/// What the studio speaks with a person (ISO 639-1).
enum class Language : std::uint8_t { en, fr, lg, sw };
BOOST_DESCRIBE_ENUM(Language, en, fr, lg, sw)

/// How the console looks: as the person's device does, or always light or dark.
enum class Theme : std::uint8_t { system, light, dark };
BOOST_DESCRIBE_ENUM(Theme, system, light, dark)

/// Someone who can sign in. The password isn't here: `auth` keeps its hash.
struct User {
    Id<User> id{};
    std::string username{};  ///< kept in lower case
    Email email{};
    std::optional<Phone> phone{};
    bool is_phone_proven = false;
    std::string first_name{};
    std::string last_name{};
    std::string job_title{};
    std::string avatar{};  ///< where the picture is; empty without one
    LongText bio{};
    std::optional<Id<Department>> department{};
    std::optional<Id<Branch>> branch{};
    std::optional<Id<Designation>> designation{};
    std::optional<Id<User>> manager{};
    TimeZone time_zone{"Africa/Kampala"};
    Language language = Language::en;
    Theme theme = Theme::system;
    Json working_hours{};  ///< {"mon": ["08:30", "17:30"]}, local time; a day left out is free
    Tags agent_tags{};     ///< what a field agent can do or carries: "motorbike", "merchandiser"
    Tags zones{};          ///< where a field agent works: "kampala central"
    std::optional<Date> out_of_office_from{};
    std::optional<Date> out_of_office_until{};  ///< the last day away
    std::optional<Id<User>> out_of_office_delegate{};
    std::vector<Role> roles{};
    bool is_active = true;
    LongText deactivation_reason{};  ///< of a closed account: the studio's own words
    bool is_verified = false;        ///< the address was proven
    std::optional<Timestamp> expires_at{};
    std::optional<Timestamp> last_login_at{};
    std::optional<Timestamp> signed_out_at{};  ///< sessions that began before have ended
    std::optional<Timestamp> erased_at{};      ///< when the person's data were made unrecognisable
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<User>);

/// What became of an invitation. Only a pending one whose time isn't over makes an account.
enum class InvitationState : std::uint8_t { pending, accepted, cancelled, expired };
BOOST_DESCRIBE_ENUM(InvitationState, pending, accepted, cancelled, expired)

/// One spreadsheet of people who were invited together.
struct Import {
    Id<Import> id{};
    std::optional<Id<User>> imported_by{};
    int row_count = 1;
    std::optional<Timestamp> undone_at{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Import>);

/// Somebody was asked to join. The link's secret isn't here: `auth` keeps its hash.
struct Invitation {
    Id<Invitation> id{};
    Email email{};
    std::string first_name{};
    std::string last_name{};
    std::string job_title{};
    std::vector<Role> roles{};
    std::optional<Id<Department>> department{};
    std::optional<Id<Branch>> branch{};
    std::optional<Id<Designation>> designation{};
    std::optional<Id<User>> manager{};
    LongText message{};
    std::optional<Timestamp> account_expires_at{};  ///< makes a temporary user
    InvitationState state = InvitationState::pending;
    std::optional<Timestamp> expires_at{};  ///< of the link; set by the program where left out, never null
    std::optional<Timestamp> sent_at{};
    std::optional<Id<User>> invited_by{};
    std::optional<Id<User>> account{};  ///< that came of it
    bool has_account = false;           ///< derived: the address has one, so that no link was sent
    std::optional<Timestamp> accepted_at{};
    std::optional<Timestamp> cancelled_at{};
    std::optional<Id<Import>> batch{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Invitation>);

}  // namespace tamiti::users
