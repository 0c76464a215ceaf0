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

/// True of a project, aliased p, of another client than those whose people the person belongs to.
Sql is_of_another_client(const Sql& person) {
    return {R"((p.client IS NOT NULL
                AND EXISTS (SELECT FROM projects_client AS c WHERE c.people @> ARRAY[{}])
                AND NOT EXISTS (SELECT FROM projects_client AS c WHERE c.id = p.client AND c.people @> ARRAY[{}])))",
            person, person};
}

/// Client members, aliased m, of projects of clients that aren't theirs; those in the trash may come back.
Sql strangers() {
    return {R"(SELECT FROM projects_member AS m JOIN projects_project AS p ON p.id = m.project
               WHERE m.role = 'client' AND {})",
            is_of_another_client(Sql("m.member"))};
}

/// Whoever decides to which clients somebody belongs, or in whose projects they are, does it alone: what the
/// one looks at the other could be changing. In one order, whatever the order that the people are named in.
void hold_people(Tx& tx, std::set<Id<users::User>> people) {
    for (const Id<users::User>& person : people) tx.hold("projects.client_person " + person.text());
}

bool has_other_client(const Project& now, const Project* before) {
    return before && now.client && now.client != before->client;
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
    std::set<Id<users::User>> people(next.people.begin(), next.people.end());
    if (before) people.insert(before->people.begin(), before->people.end());
    if (!before || next.people != before->people) hold_people(tx, std::move(people));
}

void after_save_client(Tx& tx, const Actor&, const Client& now, const Client* before) {
    if (before && now.people == before->people) return;
    std::vector<Id<users::User>> people = now.people;
    if (before) people.insert(people.end(), before->people.begin(), before->people.end());
    if (!people.empty() && tx.exists({"{} AND m.member = ANY({})", strangers(), people}))
        throw Invalid(
            "people",
            "Somebody here would be a member of another client's project: end that membership first. "
            "Projects in the trash count.");
}

void before_remove_client(Tx& tx, const Actor&, const Client& row) {
    if (tx.exists({"SELECT FROM projects_project WHERE client = {}", row.id}))
        throw Conflict(
            "projects.client_has_projects",
            "This client has projects. Delete them or give them to another client first; those in the trash "
            "count until they are purged.");
}

void before_save_project(Tx& tx, const Actor&, Project& next, const Project* before) {
    if (before && before->archived)
        throw Conflict("projects.archived", "The project is archived: unarchive it before you change it.");
    if (!before || next.owner != before->owner) require_staff(tx, next.owner, "owner");
    if (!has_other_client(next, before)) return;
    const auto members = tx.all<Id<users::User>>(
        {"SELECT member FROM projects_member WHERE project = {} AND role = 'client'", next.id});
    hold_people(tx, {members.begin(), members.end()});
}

void after_save_project(Tx& tx, const Actor& who, const Project& now, const Project* before) {
    if (has_other_client(now, before) && tx.exists({"{} AND m.project = {}", strangers(), now.id}))
        throw Invalid(
            "client",
            "A client member of this project belongs to another client: end that membership first.");
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
    if (!is_client) return;
    hold_people(tx, {next.member});
    if (tx.exists({"SELECT FROM projects_project AS p WHERE p.id = {} AND {}", next.project,
                   is_of_another_client(Sql{"{}::uuid", next.member})}))
        throw Invalid("member", "This person belongs to another client than the project.");
}

void before_remove_member(Tx& tx, const Actor&, const Member& row) {
    require_open(tx, row.project);
}

Asked<std::optional<bool>> ask_archived(Tx& tx, Id<Project> project) {
    // Locked, so that nobody archives it between this look and what follows from it.
    return tx.ask<std::optional<bool>>(
        {"SELECT archived FROM projects_project WHERE id = {} FOR SHARE", project});
}

void before_hung_project(Tx& tx, const Actor&, Id<Project> project) {
    require_open(tx, project);
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
