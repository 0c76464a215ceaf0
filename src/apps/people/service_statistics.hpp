#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// How people use the studio, read off their sign-ins: their own for each, sums for managers.
namespace tamiti::people {

/// Days are those of the person's time zone. A streak is a run of days with a sign-in; the present one ends
/// today or yesterday.
struct Habits {
    int sign_ins = 0;
    int sign_ins_last_30_days = 0;
    int active_days = 0;
    int active_days_last_30_days = 0;
    int current_streak = 0;
    int longest_streak = 0;
    std::optional<Timestamp> last_sign_in_at{};
};
BOOST_DESCRIBE_STRUCT(Habits, (),
                      (sign_ins, sign_ins_last_30_days, active_days, active_days_last_30_days, current_streak,
                       longest_streak, last_sign_in_at))

/// One's own.
Habits habits(ReadTx& tx, const Actor& who);

/// Sums over a department in the last 30 days.
struct GroupHabits {
    std::optional<Id<users::Department>> department{};
    std::string name{};
    int people = 0;
    int active_people = 0;  ///< who signed in at all
    int sign_ins = 0;
    int active_days = 0;  ///< added up over the people
};
BOOST_DESCRIBE_STRUCT(GroupHabits, (), (department, name, people, active_people, sign_ins, active_days))

/// Departments with open accounts of the studio. One of fewer than three people is left out, and there is no
/// sum of all from which it could be found by subtraction: behind a small number stands somebody.
std::vector<GroupHabits> group_habits(ReadTx& tx, const Actor& who);

}  // namespace tamiti::people
