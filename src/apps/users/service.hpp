#pragma once

#include <boost/describe/class.hpp>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/base/json.hpp"
#include "core/model/tx.hpp"
#include "core/program/app.hpp"

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

/// Whether that person may sign in at that time: active, with a proven address, and not expired.
bool may_sign_in(const User& user, Timestamp now);

/// An actor with the rights of that person, who asks for nothing themselves.
Actor actor_of(const User& person, const Permissions& permissions);

/// The person who acts; nothing where it is the program itself or an operator.
std::optional<Id<User>> self(const Actor& who);

/// How others read the person's name: first and last name, or the username where neither is known.
std::string name_of(const User& person);

/// Sends a mail to the address of a person in their language. `name`, what mails call them, is added to the
/// values.
void send_mail(Tx& tx, const User& person, const std::string& template_name,
               std::vector<std::pair<std::string, std::string>> values = {});

/// Whether an account has that address, open or not.
bool has_address(ReadTx& tx, const std::string& address);

/// Lets the next request of a person see what they may do now, at once in this process and within a second in
/// others; after the commit.
void forget_sessions(Tx& tx, Id<User> person);

/// Throws the Problem 409 where the person's data were erased: nothing is written back into such a row.
void require_not_erased(const User& user);

/// Notes that the person signs in now, in `last_login_at`, and keeps the account as it is until the end of
/// the transaction. False, and nothing noted, where the account may not sign in: it is closed, unproven or
/// expired, or there is none.
bool mark_signed_in(Tx& tx, Id<User> person);

/// Ends pending invitations, those in the scope: `cancelled` all of them, `expired` those whose time is over.
/// The oldest `most` of them, in the order of their ids, so that two who do it at once wait for each other;
/// answers how many there were.
int end_invitations(Tx& tx, InvitationState as, const Scope& which,
                    int most = std::numeric_limits<int>::max());

/// Why a username is refused, as a sentence; empty where it will do.
std::string username_fault(std::string_view username);

// Rules of every write to a user, whoever makes it.

/// The username in lower case, working hours of the right form, no circle of managers; nobody changes what
/// they themselves may do, no access token changes what anybody may do, and one admin always remains who can
/// sign in. An erased person stays as they are.
void before_save(Tx& tx, const Actor& who, User& next, const User* before);

/// Lets requests of the person see the change at once; where it closes the account, does all that closing
/// does but hand over the work; where it takes back a proof, tells listeners (`UserUnverified`).
void after_save(Tx& tx, const Actor& who, const User& now, const User* before);

/// The username that the row of an erased person gets. The id's random end is in it, so nobody can be taken
/// for them. What other apps erase they erase before that.
std::string former_username(const Uuid& person);

/// What operators do from the command line: `tamiti users list`, `tamiti users deactivate`.
std::vector<Command> commands();

/// Adds the people of the demo studio.
void seed(Tx& tx);

}  // namespace tamiti::users
