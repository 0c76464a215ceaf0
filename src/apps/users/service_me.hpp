#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
struct Call;
}

namespace tamiti::users {

/// A person's own account, as they see it: all of it but what the studio notes for itself.
struct Me {
    Id<User> id{};
    std::string username{};
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
    TimeZone time_zone{};
    Language language = Language::en;
    Json working_hours{};
    Tags agent_tags{};
    Tags zones{};
    std::optional<Date> out_of_office_from{};
    std::optional<Date> out_of_office_until{};
    std::optional<Id<User>> out_of_office_delegate{};
    std::vector<Role> roles{};
    Tags permissions{};                   ///< codes that the roles hold
    bool must_add_factor = false;         ///< the studio asks for a second factor before anything else
    std::optional<Id<User>> viewed_by{};  ///< the admin who looks as this person and changes nothing
    bool is_verified = false;
    std::optional<Timestamp> expires_at{};
    std::optional<Timestamp> last_login_at{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(Me, (),
                      (id, username, email, phone, first_name, last_name, job_title, bio, department, branch,
                       designation, manager, time_zone, language, working_hours, agent_tags, zones,
                       out_of_office_from, out_of_office_until, out_of_office_delegate, roles, permissions,
                       must_add_factor, viewed_by, is_verified, expires_at, last_login_at, created_at,
                       updated_at, version))

/// The actor's own account.
Me me(ReadTx& tx, const Actor& who);

/// Changes the actor's own account from the JSON body of the call, by the rules of the model: a field that
/// only others may set (roles, email) is refused by name.
Me change_me(Tx& tx, const Actor& who, const Call& call);

}  // namespace tamiti::users
