#pragma once

#include <boost/describe/class.hpp>

#include "apps/projects/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// What can be done with projects beyond plain writes, and the rules of plain writes.
namespace tamiti::projects {

// Verbs on one row, which app.cpp gives them found and locked; calling one twice changes nothing.

/// Puts a project away: it stays readable, but nothing in it changes.
Project archive(Tx& tx, const Actor& who, Project project);
Project unarchive(Tx& tx, const Actor& who, Project project);

/// What comes before locking a milestone: its project is locked first, as by whoever removes it, and must not
/// be archived.
void lock_project_of(Tx& tx, const Actor& who, const Milestone& seen);

/// Marks a milestone as done, by whom and when.
Milestone complete(Tx& tx, const Actor& who, Milestone milestone);

/// Makes a milestone open again; what the client signed off is then unsigned.
Milestone reopen(Tx& tx, const Actor& who, Milestone milestone);

/// A client member accepts a complete milestone that is shared with them.
Milestone sign_off(Tx& tx, const Actor& who, Milestone milestone);

/// How far ahead "due soon" looks.
struct Ahead {
    int days = 14;
};
const Shape& shape_of(tag<Ahead>);

/// Numbers over the projects that the actor sees and that aren't archived. Overdue and due count what is
/// still to be done; "today" is the actor's.
struct Stats {
    int total = 0;
    int planning = 0;
    int active = 0;
    int on_hold = 0;
    int review = 0;
    int complete = 0;
    int cancelled = 0;
    int overdue = 0;
    int due = 0;  ///< from today to `days` days later
    int milestones_open = 0;
    int milestones_overdue = 0;
    int milestones_due = 0;
    int days = 0;
};
BOOST_DESCRIBE_STRUCT(Stats, (),
                      (total, planning, active, on_hold, review, complete, cancelled, overdue, due,
                       milestones_open, milestones_overdue, milestones_due, days))
Stats stats(ReadTx& tx, const Actor& who, const Ahead& ahead);

// Rules of plain writes; app.cpp mounts them.

/// The currency is a real one (the site's where none is given), and only users of role client become its
/// people.
void before_save_client(Tx& tx, const Actor& who, Client& next, const Client* before);
/// A client with projects stays.
void before_remove_client(Tx& tx, const Actor& who, const Client& row);

/// The status moves along the allowed steps, nothing changes while archived, and the owner is on the staff:
/// whoever writes the project where no other is named.
void before_save_project(Tx& tx, const Actor& who, Project& next, const Project* before);
/// Whoever creates a project leads it.
void after_save_project(Tx& tx, const Actor& who, const Project& now, const Project* before);

/// Users of role client are client members, and nobody else is: a portal account never gets the rights of
/// staff.
void before_save_member(Tx& tx, const Actor& who, Member& next, const Member* before);
void before_remove_member(Tx& tx, const Actor& who, const Member& row);

/// A milestone of an archived project and what a client signed off stay as they are; a new one goes last.
void before_save_milestone(Tx& tx, const Actor& who, Milestone& next, const Milestone* before);
void before_remove_milestone(Tx& tx, const Actor& who, const Milestone& row);

/// The project must not be archived, and isn't until this transaction ends: Conflict "projects.archived".
void require_open(Tx& tx, Id<Project> project);

/// The same in two steps, so that other questions can travel along: the project is locked once the answer is
/// there.
Asked<std::optional<bool>> ask_archived(Tx& tx, Id<Project> project);
void require_open(const Asked<std::optional<bool>>& archived);

/// The user, where there is one, must be on the staff: a fault at that field otherwise.
void require_staff(Tx& tx, const std::optional<Id<users::User>>& user, const char* field);

}  // namespace tamiti::projects
