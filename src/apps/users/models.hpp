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

/// Someone who can sign in. The password isn't here: `auth` keeps its hash.
struct User {
    Id<User> id{};
    std::string username{};  ///< kept in lower case
    Email email{};
    std::optional<Phone> phone{};
    std::string first_name{};
    std::string last_name{};
    std::string job_title{};
    LongText bio{};
    std::optional<Id<Department>> department{};
    std::optional<Id<Branch>> branch{};
    std::optional<Id<Designation>> designation{};
    std::optional<Id<User>> manager{};
    TimeZone time_zone{"Africa/Kampala"};
    Language language = Language::en;
    Json working_hours{};  ///< {"mon": ["08:30", "17:30"]}, local time; a day left out is free
    std::vector<Role> roles{};
    bool is_active = true;
    bool is_verified = false;  ///< the address was proven
    std::optional<Timestamp> expires_at{};
    std::optional<Timestamp> last_login_at{};
    std::optional<Timestamp> signed_out_at{};  ///< sessions that began before have ended
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<User>);

}  // namespace tamiti::users
