#pragma once

#include "apps/projects/models.hpp"
#include "core/access/actor.hpp"
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

// Rules of plain writes; app.cpp mounts them.

/// The currency is a real one (the site's where none is given), and only users of role client become its
/// people.
void before_save_client(Tx& tx, const Actor& who, Client& next, const Client* before);
/// Nobody of its people, nor who was one before, is now a member of a project of a client that isn't theirs.
void after_save_client(Tx& tx, const Actor& who, const Client& now, const Client* before);
/// A client with projects stays.
void before_remove_client(Tx& tx, const Actor& who, const Client& row);

/// The status moves along the allowed steps, nothing changes while archived, and the owner is on the staff.
void before_save_project(Tx& tx, const Actor& who, Project& next, const Project* before);
/// Whoever creates a project leads it; its client members are no other client's people.
void after_save_project(Tx& tx, const Actor& who, const Project& now, const Project* before);

/// Users of role client are client members, and nobody else is: a portal account never gets the rights of
/// staff. Who belongs to other clients isn't let into a project of this one.
void before_save_member(Tx& tx, const Actor& who, Member& next, const Member* before);
void before_remove_member(Tx& tx, const Actor& who, const Member& row);

/// A milestone of an archived project and what a client signed off stay as they are; a new one goes last, or
/// where its position says, and the others make room.
void before_save_milestone(Tx& tx, const Actor& who, Milestone& next, const Milestone* before);
void before_remove_milestone(Tx& tx, const Actor& who, const Milestone& row);

// What hangs on a project or on a milestone, a comment or a file, changes no more than what is in it; nor
// does a milestone come back from the trash.
void before_hung_project(Tx& tx, const Actor& who, Id<Project> project);
void before_hung_milestone(Tx& tx, const Actor& who, Id<Milestone> milestone);

/// The project must not be archived, and isn't until this transaction ends: Conflict "projects.archived".
void require_open(Tx& tx, Id<Project> project);

/// The same in two steps, so that other questions can travel along: the project is locked once the answer is
/// there.
Asked<std::optional<bool>> ask_archived(Tx& tx, Id<Project> project);
void require_open(const Asked<std::optional<bool>>& archived);

/// The user, where there is one, must be on the staff: a fault at that field otherwise.
void require_staff(Tx& tx, const std::optional<Id<users::User>>& user, const char* field);

}  // namespace tamiti::projects
