#include "apps/projects/service.hpp"

#include <algorithm>
#include <set>

#include "apps/projects/access.hpp"
#include "apps/projects/events.hpp"
#include "apps/users/service.hpp"
#include "core/base/text.hpp"
#include "core/events/event.hpp"
#include "core/model/member.hpp"

namespace tamiti::projects {
namespace {

Project set_archived(Tx& tx, const Actor& who, Project project, bool archived) {
    if (project.archived == archived) return project;
    project.archived = archived;
    tx.save(project, &Project::archived);
    if (archived) tx.emit(ProjectArchived{.project = project.id, .by = {who.id}});
    return project;
}

void require_clients(Tx& tx, const std::vector<Id<users::User>>& people) {
    const std::set<Id<users::User>> wanted(people.begin(), people.end());
    const std::vector<users::User> found = users::people(tx, people);
    if (found.size() != wanted.size() || !std::ranges::all_of(found, users::is_client))
        throw Invalid("people", "Name users of role client only; others see clients through their projects.");
}

}  // namespace

Project archive(Tx& tx, const Actor& who, Project project) {
    return set_archived(tx, who, std::move(project), true);
}

Project unarchive(Tx& tx, const Actor& who, Project project) {
    return set_archived(tx, who, std::move(project), false);
}

void before_save_client(Tx& tx, const Actor&, Client& next, const Client* before) {
    if (next.currency.empty()) next.currency = tx.site().currency;
    if (!currency_digits(next.currency))
        throw Invalid("currency",
                      "There is no currency " + next.currency + ": use an ISO 4217 code such as UGX.");
    if (!next.people.empty() && (!before || next.people != before->people)) require_clients(tx, next.people);
}

void before_remove_client(Tx& tx, const Actor&, const Client& row) {
    if (tx.exists({"SELECT FROM projects_project WHERE client = {}", row.id}))
        throw Conflict(
            "projects.client_has_projects",
            "This client has projects. Delete them or give them to another client first; those in the trash "
            "count until they are purged.");
}

void before_save_project(Tx& tx, const Actor& who, Project& next, const Project* before) {
    if (before && before->archived)
        throw Conflict("projects.archived", "The project is archived: unarchive it before you change it.");
    // Left out of a create or of a PUT, the owner is whoever sends it; a project that lost its owner keeps
    // none.
    if (!next.owner && (!before || before->owner)) next.owner = users::self(who);
    if (!before || next.owner != before->owner) require_staff(tx, next.owner, "owner");
}

void after_save_project(Tx& tx, const Actor& who, const Project& now, const Project* before) {
    if (before || who.id.is_nil()) return;
    Member lead{.project = now.id, .member = Id<users::User>{who.id}, .role = ProjectRole::lead};
    tx.insert(lead);
}

void before_save_member(Tx& tx, const Actor&, Member& next, const Member* before) {
    const auto archived = ask_archived(tx, next.project);
    if (before && before->role == next.role) return require_open(archived);
    const auto user = tx.find(next.member);
    require_open(archived);
    if (!user) throw Invalid("member", "There is no such user.");
    const bool is_client = users::is_client(*user);
    if (is_client && next.role != ProjectRole::client)
        throw Invalid("role", "A user of role client can only be a client in a project.");
    if (!is_client && next.role == ProjectRole::client)
        throw Invalid("role", "Only a user of role client can be a client in a project.");
}

void before_remove_member(Tx& tx, const Actor&, const Member& row) {
    require_open(tx, row.project);
}

Asked<std::optional<bool>> ask_archived(Tx& tx, Id<Project> project) {
    // Locked, so that nobody archives it between this look and what follows from it.
    return tx.ask<std::optional<bool>>(
        {"SELECT archived FROM projects_project WHERE id = {} FOR SHARE", project});
}

void require_open(Tx& tx, Id<Project> project) {
    require_open(ask_archived(tx, project));
}

void require_open(const Asked<std::optional<bool>>& archived) {
    if (archived.get().value_or(false))
        throw Conflict("projects.archived",
                       "The project is archived: unarchive it before you change what is in it.");
}

void require_staff(Tx& tx, const std::optional<Id<users::User>>& user, const char* field) {
    const auto person = user ? tx.find(*user) : std::nullopt;
    if (user && (!person || users::is_client(*person)))
        throw Invalid(field, "No member of staff has this id.");
}

}  // namespace tamiti::projects
