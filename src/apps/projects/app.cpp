#include "core/program/app.hpp"

#include "apps/projects/access.hpp"
#include "apps/projects/seed.hpp"
#include "apps/projects/service.hpp"
#include "apps/users/access.hpp"
#include "core/api/route.hpp"

namespace tamiti::projects {
namespace {

std::vector<Permission> permissions() {
    return {
        {"projects.view_all", "See every client and project", {Role::admin, Role::manager, Role::finance}},
        {"projects.manage", "Change every client and project, and delete them", users::manager_roles},
        {"projects.create",
         "Start projects",
         {Role::admin, Role::manager, Role::content, Role::digital, Role::field, Role::staff}},
        {"projects.view_internal", "See the studio's own notes, tags, health, hours and rewards",
         users::staff_roles},
        {"projects.view_money", "See budgets", {Role::admin, Role::manager, Role::finance}},
        {"projects.edit_money", "Set budgets", users::manager_roles},
    };
}

// What people leave behind who go.
std::vector<Responsibility> responsibilities() {
    return {
        {&model_of(tag<Project>{}), "owner",
         "NOT archived AND status NOT IN ('complete', 'cancelled') AND deleted_at IS NULL"},
        {&model_of(tag<Milestone>{}), "owner", "completed_at IS NULL AND deleted_at IS NULL"},
        // Who takes over must see what they answer for.
        {&model_of(tag<Member>{}), "member",
         R"(role <> 'client' AND EXISTS (
              SELECT FROM projects_project AS p
              WHERE p.id = project AND NOT p.archived AND p.status NOT IN ('complete', 'cancelled')
                AND p.deleted_at IS NULL))"},
    };
}

std::vector<ProblemKind> problems() {
    return {
        {"projects.transition", 409,
         "A project's status can't go there from where it is; the sentence names the allowed steps."},
        {"projects.archived", 409, "The project is archived, so nothing in it changes."},
        {"projects.client_has_projects", 409, "A client with projects can't be removed."},
        {"projects.not_complete", 409, "A milestone is signed off once it is complete, not before."},
        {"projects.signed_off", 409, "What a client has signed off stays as it is until it is reopened."},
    };
}

}  // namespace

App app() {
    return {
        .name = "projects",
        .doc = "Clients, and what the studio does for them.",
        .resources =
            {
                resource<Client>(
                    "/clients",
                    {.view = visible_clients, .create = managed, .change = managed, .remove = managed},
                    {.before_save = before_save_client, .before_remove = before_remove_client}),
                resource<Contact>(
                    "/contacts",
                    {.view = visible_contacts, .create = managed, .change = managed, .remove = managed}),
                resource<Project>("/projects",
                                  {.view = visible_projects,
                                   .create = new_projects,
                                   .change = led_projects,
                                   .remove = managed},
                                  {.before_save = before_save_project, .after_save = after_save_project}),
                resource<Member>("/members",
                                 {.view = visible_members,
                                  .create = led_members,
                                  .change = led_members,
                                  .remove = led_members},
                                 {.before_save = before_save_member, .before_remove = before_remove_member}),
                resource<Milestone>(
                    "/milestones",
                    {.view = visible_milestones,
                     .create = led_members,
                     .change = changeable_milestones,
                     .remove = led_members},
                    {.before_save = before_save_milestone, .before_remove = before_remove_milestone}),
            },
        .routes =
            {
                post("/projects/{id}/archive", archive, "Put a project away: nothing in it changes any more.",
                     on<Project>(led_projects)),
                post("/projects/{id}/unarchive", unarchive, "Bring an archived project back.",
                     on<Project>(led_projects)),
                post("/milestones/{id}/complete", complete, "Mark a milestone as done.",
                     on<Milestone>(changeable_milestones, lock_project_of),
                     {.problems = {"projects.archived"}}),
                post("/milestones/{id}/reopen", reopen, "Make a milestone open, and unsigned, again.",
                     on<Milestone>(changeable_milestones, lock_project_of),
                     {.problems = {"projects.archived"}}),
                post("/milestones/{id}/sign-off", sign_off, "Accept a complete milestone, as its client.",
                     on<Milestone>(milestones_to_sign, lock_project_of),
                     {.problems = {"projects.archived", "projects.not_complete"}}),
            },
        .permissions = permissions(),
        .responsibilities = responsibilities(),
        .problems = problems(),
        .seed = seed,
    };
}

}  // namespace tamiti::projects
