#include "apps/projects/access.hpp"

namespace tamiti::projects {
namespace {

// Conditions over projects_project AS p. A membership of a user of role client never counts as staff:
// whatever the row says, it leads to the client's view only.
Sql leads(const Uuid& person) {
    return {R"((p.owner = {} OR EXISTS (
                 SELECT FROM projects_member AS m
                 WHERE m.project = p.id AND m.member = {} AND m.role = 'lead')))",
            person, person};
}

Sql takes_part(const Uuid& person) {
    return {R"((p.owner = {} OR EXISTS (
                 SELECT FROM projects_member AS m WHERE m.project = p.id AND m.member = {})))",
            person, person};
}

Sql is_client_of(const Uuid& person) {
    return {R"((NOT p.archived AND (
                 p.client IN (SELECT c.id FROM projects_client AS c WHERE c.people @> ARRAY[{}]::uuid[])
                 OR EXISTS (SELECT FROM projects_member AS m
                            WHERE m.project = p.id AND m.member = {} AND m.role = 'client'))))",
            person, person};
}

// Ids of projects.
Sql projects_where(const Sql& condition) {
    return {"(SELECT p.id FROM projects_project AS p WHERE p.deleted_at IS NULL AND {})", condition};
}

// What a person without a permission for everything sees; nobody sees nothing.
Sql seen_projects(const Actor& who) {
    return projects_where(who.has(Role::client) ? is_client_of(who.id) : takes_part(who.id));
}

// Rows of a project in the trash are as invisible as the project.
Scope of_living_projects() {
    return where("EXISTS (SELECT FROM projects_project AS p WHERE p.id = project AND p.deleted_at IS NULL)");
}

}  // namespace

Scope visible_clients(const Actor& who) {
    if (who.can("projects.view_all")) return Scope::all();
    if (who.is_anonymous()) return Scope::none();
    if (who.has(Role::client)) return where("people @> ARRAY[{}]::uuid[]", who.id);
    return where("id IN (SELECT p.client FROM projects_project AS p WHERE p.deleted_at IS NULL AND {})",
                 takes_part(who.id));
}

Scope managed(const Actor& who) {
    return who.can("projects.manage") ? Scope::all() : Scope::none();
}

Scope visible_contacts(const Actor& who) {
    const Scope clients = visible_clients(who);
    if (clients.is_all() || clients.is_none()) return clients;
    return where("client IN (SELECT id FROM projects_client WHERE {})", clients);
}

Scope visible_projects(const Actor& who) {
    if (who.can("projects.view_all")) return Scope::all();
    if (who.is_anonymous()) return Scope::none();
    return where("id IN {}", seen_projects(who));
}

Scope new_projects(const Actor& who) {
    return who.can("projects.create") ? Scope::all() : Scope::none();
}

Scope led_projects(const Actor& who) {
    if (who.can("projects.manage")) return Scope::all();
    if (who.is_anonymous() || who.has(Role::client)) return Scope::none();
    return where("id IN {}", projects_where(leads(who.id)));
}

Scope visible_members(const Actor& who) {
    if (who.can("projects.view_all")) return of_living_projects();
    if (who.is_anonymous()) return Scope::none();
    return where("project IN {}", seen_projects(who));
}

Scope led_members(const Actor& who) {
    if (who.can("projects.manage")) return of_living_projects();
    if (who.is_anonymous() || who.has(Role::client)) return Scope::none();
    return where("project IN {}", projects_where(leads(who.id)));
}

// The milestones of a project go to the trash with it, so here all really are all.
Scope visible_milestones(const Actor& who) {
    if (who.can("projects.view_all")) return Scope::all();
    if (who.is_anonymous()) return Scope::none();
    const Scope seen = where("project IN {}", seen_projects(who));
    return who.has(Role::client) ? seen && where("shared_with_client") : seen;
}

Scope changeable_milestones(const Actor& who) {
    if (who.is_anonymous() || who.has(Role::client)) return Scope::none();
    const Scope led = led_members(who);
    if (who.can("projects.manage")) return led;
    return led || (where("owner = {}", who.id) && visible_milestones(who));
}

Scope milestones_to_sign(const Actor& who) {
    if (!who.has(Role::client)) return Scope::none();
    const Scope member = where(
        "project IN (SELECT m.project FROM projects_member AS m WHERE m.member = {} AND m.role = 'client')",
        who.id);
    return visible_milestones(who) && member;
}

}  // namespace tamiti::projects
