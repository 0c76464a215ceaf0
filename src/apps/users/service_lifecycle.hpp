#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// How people leave the studio, and come back.
namespace tamiti::users {

/// What deactivating a person takes.
struct Leaving {
    std::optional<Id<User>> reassign_to{};  ///< who takes over the open work
    std::optional<std::string> reason{};    ///< for the studio
};
const Shape& shape_of(tag<Leaving>);

/// What deactivating a person did.
struct Departure {
    Id<User> id{};
    bool is_active = false;
    int reassigned = 0;             ///< rows that changed hands
    int invitations_cancelled = 0;  ///< that the person had sent and nobody had accepted
};
BOOST_DESCRIBE_STRUCT(Departure, (), (id, is_active, reassigned, invitations_cancelled))

/// Open work of one kind that a person answers for.
struct OpenWork {
    std::string model{};
    std::string field{};  ///< by which the rows name the person
    int count = 0;
    Json rows{};  ///< the first twenty in brief
};
BOOST_DESCRIBE_STRUCT(OpenWork, (), (model, field, count, rows))

/// What would be left behind: for each of the apps' responsibilities the open rows that name the person.
std::vector<OpenWork> open_work(ReadTx& tx, const Actor& who, Id<User> person);

/// Whether anything would be left behind.
bool has_open_work(ReadTx& tx, Id<User> person);

/// Closes an account: sessions and tokens end, their pending invitations too, and with `reassign_to` the open
/// work changes hands in the same transaction and who takes it over gets a mail. The reason stays with the
/// account until it is opened again. Refused for oneself and for the last admin. Calling it again hands over
/// what is open still.
Departure deactivate(Tx& tx, const Actor& who, Id<User> person, Leaving leaving);

/// Opens a closed account again; what the person was signed in to stays ended. An erased one stays closed.
User reactivate(Tx& tx, const Actor& who, Id<User> person);

/// What every way of closing an account does once the row says so; answers how many invitations it cancelled.
int end_account(Tx& tx, const Actor& who, const User& person, const std::string& reason);

/// Keeps others from changing who reports to whom until the transaction ends: two who change it at once could
/// make a circle that neither of them sees. Call it once the rows are locked that you are going to change.
void hold_reporting_lines(Tx& tx);

/// Gives the open work of one person to another; answers how many rows changed.
int hand_over(Tx& tx, Id<User> from, Id<User> to);

}  // namespace tamiti::users
