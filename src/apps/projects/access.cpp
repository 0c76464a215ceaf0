#include "apps/projects/access.hpp"

namespace tamiti::projects {
namespace {

// Projects AS p of one way to them, each found by an index. A membership of a user of role client never
// counts as staff: whatever the row says, it leads to the client's view only.
Sql owned(db::SqlText<0> column, const Uuid& person) {
    return {"SELECT {} FROM projects_project AS p WHERE p.owner = {} AND p.deleted_at IS NULL", Sql(column),
            person};
}

Sql joined(db::SqlText<0> column, const Uuid& person, db::SqlText<0> condition) {
    return {R"(SELECT {} FROM projects_member AS m JOIN projects_project AS p ON p.id = m.project
               WHERE m.member = {} AND p.deleted_at IS NULL AND {})",
            Sql(column), person, Sql(condition)};
}

Sql of_own_clients(const Uuid& person) {
    return {R"(SELECT p.id FROM projects_client AS c JOIN projects_project AS p ON p.client = c.id
               WHERE c.people @> ARRAY[{}]::uuid[] AND p.deleted_at IS NULL AND NOT p.archived)",
            person};
}

// Rows of a project in the trash are as invisible as the project.
Scope of_living_projects() {
    return where("EXISTS (SELECT FROM projects_project AS p WHERE p.id = project AND p.deleted_at IS NULL)");
}

}  // namespace

Reach seen_rows(tag<Client>, const Actor& who) {
    if (who.can("projects.view_all")) return Reach::all();
    if (who.is_anonymous()) return Reach::none();
    if (who.has(Role::client))
        return Reach(
            {Sql("SELECT c.id FROM projects_client AS c WHERE c.people @> ARRAY[{}]::uuid[]", who.id)});
    return Reach({Sql("{} AND p.client IS NOT NULL", owned("p.client", who.id)),
                  joined("p.client", who.id, "p.client IS NOT NULL")});
}

// What a person without a permission for everything sees; nobody sees nothing.
Reach seen_rows(tag<Project>, const Actor& who) {
    if (who.can("projects.view_all")) return Reach::all();
    if (who.is_anonymous()) return Reach::none();
    if (who.has(Role::client))
        return Reach(
            {of_own_clients(who.id), joined("p.id", who.id, "m.role = 'client' AND NOT p.archived")});
    return Reach({owned("p.id", who.id), joined("p.id", who.id, "true")});
}

Reach changeable_rows(tag<Project>, const Actor& who) {
    if (who.can("projects.manage")) return Reach::all();
    if (who.is_anonymous() || who.has(Role::client)) return Reach::none();
    return Reach({owned("p.id", who.id), joined("p.id", who.id, "m.role = 'lead'")});
}

Scope visible_clients(const Actor& who) {
    return seen<Client>(who, "id");
}

Scope managed(const Actor& who) {
    return who.can("projects.manage") ? Scope::all() : Scope::none();
}

Scope inviting_clients(const Actor& who) {
    return who.can("users.invite") ? managed(who) : Scope::none();
}

Scope visible_contacts(const Actor& who) {
    return seen<Client>(who, "client");
}

// One's own in the trash, too: whoever put them there brings them back.
Scope visible_projects(const Actor& who) {
    if (who.can("projects.view_all") || who.is_anonymous() || who.has(Role::client))
        return seen<Project>(who, "id");
    return Reach({Sql("SELECT p.id FROM projects_project AS p WHERE p.owner = {}", who.id),
                  joined("p.id", who.id, "true")})
        .by("id");
}

Scope new_projects(const Actor& who) {
    return who.can("projects.create") ? Scope::all() : Scope::none();
}

Scope led_projects(const Actor& who) {
    return changeable<Project>(who, "id");
}

Scope removable_projects(const Actor& who) {
    if (who.can("projects.manage")) return Scope::all();
    if (who.is_anonymous() || who.has(Role::client)) return Scope::none();
    return where("owner = {}", who.id);
}

Scope visible_members(const Actor& who) {
    return who.can("projects.view_all") ? of_living_projects() : seen<Project>(who, "project");
}

Scope led_members(const Actor& who) {
    return who.can("projects.manage") ? of_living_projects() : changeable<Project>(who, "project");
}

// The milestones of a project go to the trash with it, so here all really are all.
Scope visible_milestones(const Actor& who) {
    const Scope visible = seen<Project>(who, "project");
    return who.has(Role::client) ? visible && where("shared_with_client") : visible;
}

Scope changeable_milestones(const Actor& who) {
    if (who.is_anonymous() || who.has(Role::client)) return Scope::none();
    const Scope led = led_members(who);
    if (who.can("projects.manage")) return led;
    return led || (where("owner = {}", who.id) && visible_milestones(who));
}

Scope milestones_to_sign(const Actor& who) {
    return who.has(Role::client) ? visible_milestones(who) : Scope::none();
}

}  // namespace tamiti::projects
