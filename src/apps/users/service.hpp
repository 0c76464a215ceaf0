#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/users/models.hpp"
#include "apps/users/service_invitations.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// What other apps may ask of this one.
namespace tamiti::users {

/// The person who acts; nothing where it is the program itself or an operator.
std::optional<Id<User>> self(const Actor& who);

/// An actor with the rights of that person, who asks for nothing themselves.
Actor actor_of(const User& person, const Permissions& permissions);

/// Whether that person may sign in at that time: active, with a proven address, and not expired.
bool may_sign_in(const User& user, Timestamp now);

/// Whether that person is a client of the studio and not one of its own people.
bool is_client(const User& person);

/// Those of the people with these ids that there are.
std::vector<User> people(ReadTx& tx, const std::vector<Id<User>>& ids);

/// How others read the person's name: first and last name, or the username where neither is known.
std::string name_of(const User& person);

/// Why a username is refused, as a sentence; empty where it will do.
std::string username_fault(std::string_view username);

/// The person with that username, in whatever case.
std::optional<User> named(ReadTx& tx, std::string_view username);

/// Whether an account has that username, open or not.
bool has_username(ReadTx& tx, std::string_view username);

/// Whether an account has that address, open or not. A client's that nobody has proven, or ever signed in
/// to, says nothing of whose the address is: anybody may have registered with it.
bool has_address(ReadTx& tx, std::string_view address);

/// Those of the addresses, in lower case, that an account has in that sense.
std::vector<std::string> addresses_among(ReadTx& tx, const std::vector<std::string>& addresses);

/// Locks the account with that address where it is such a one: whoever proves the address may replace it.
std::optional<User> lock_unproven(Tx& tx, std::string_view address);

/// Everybody's account as a table to join: id, username, email, phone, is_phone_proven, name (what mails call
/// the person), language, time_zone, department, roles, is_active, is_verified, expires_at, last_login_at,
/// signed_out_at.
Sql accounts();

/// Sends a mail to the address of a person in their language. Where the values have no `name`, what mails
/// call the person is added as that.
void send_mail(Tx& tx, const User& person, const std::string& template_name,
               std::vector<std::pair<std::string, std::string>> values = {});

/// Of whoever signs in: when their sessions were ended last, all at once.
struct SignInMark {
    std::optional<Timestamp> signed_out_at{};  ///< what began before that has ended
};
BOOST_DESCRIBE_STRUCT(SignInMark, (), (signed_out_at))

/// Notes that the person signs in now, in `last_login_at`, and keeps the account as it is until the end of
/// the transaction. Nothing, and nothing noted, where the account may not sign in: it is closed, unproven or
/// expired, or there is none.
std::optional<SignInMark> mark_signed_in(Tx& tx, Id<User> person);

/// Puts the last end of all sessions before now. It lay ahead, by a clock that stood wrong, and would end
/// every session that begins until then. To be called once those that it ended are ended by their own rows.
void bring_back_sign_out(Tx& tx, Id<User> person);

/// Lets the next request of a person see what they may do now, at once in this process and within a second in
/// others; after the commit.
void forget_sessions(Tx& tx, Id<User> person);

/// A person of the demo studio by their username, such as "manager"; one that it doesn't have throws
/// std::logic_error. And all of them.
Id<User> demo_person(std::string_view username);
std::vector<Id<User>> demo_people();

/// The username that the row of an erased person gets. The id's random end is in it, so nobody can be taken
/// for them. What other apps erase they erase before that.
std::string former_username(const Uuid& person);

}  // namespace tamiti::users
