#include "core/program/app.hpp"

#include "apps/people/events.hpp"
#include "apps/projects/access.hpp"
#include "apps/projects/seed.hpp"
#include "apps/projects/service.hpp"
#include "apps/projects/service_clients.hpp"
#include "apps/users/access.hpp"
#include "core/api/route.hpp"
#include "core/events/event.hpp"

namespace tamiti::projects {
namespace {

std::vector<Permission> permissions() {
    return {
        {"projects.view_all", "See every client and project", {Role::admin, Role::manager, Role::finance}},
        {"projects.manage", "Change every client and project, and remove them", users::manager_roles},
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

std::vector<Resource> resources() {
    return {
        resource<Client>("/clients",
                         {.view = visible_clients, .create = managed, .change = managed, .remove = managed},
                         {.before_save = before_save_client,
                          .after_save = after_save_client,
                          .before_remove = before_remove_client}),
        resource<Contact>(
            "/contacts", {.view = visible_contacts, .create = managed, .change = managed, .remove = managed}),
        resource<Project>("/projects",
                          {.view = visible_projects,
                           .create = new_projects,
                           .change = led_projects,
                           .remove = removable_projects},
                          {.before_save = before_save_project,
                           .after_save = after_save_project,
                           .before_hung = before_hung_project}),
        resource<Member>(
            "/members",
            {.view = visible_members, .create = led_members, .change = led_members, .remove = led_members},
            {.before_save = before_save_member, .before_remove = before_remove_member}),
        resource<Milestone>("/milestones",
                            {.view = visible_milestones,
                             .create = led_members,
                             .change = changeable_milestones,
                             .remove = led_members},
                            {.before_save = before_save_milestone,
                             .before_remove = before_remove_milestone,
                             .before_return = before_hung_milestone,
                             .before_hung = before_hung_milestone}),
    };
}

std::vector<Route> routes() {
    return {
        post("/clients/{id}/invite", invite, "Invite somebody to be one of a client's people.",
             on<Client>(inviting_clients),
             {.problems = {"data.taken"},
              .status = 201,
              .no_token = "Accounts come of invitations, so people are invited by who signed in."}),
        post("/projects/{id}/archive", archive, "Put a project away: nothing in it changes any more.",
             on<Project>(led_projects), {.offer = {.when = {{"archived", "false"}}}}),
        post("/projects/{id}/unarchive", unarchive, "Bring an archived project back.",
             on<Project>(led_projects), {.offer = {.when = {{"archived", "true"}}}}),
        post("/milestones/{id}/complete", complete, "Mark a milestone as done.",
             on<Milestone>(changeable_milestones, lock_project_of),
             {.problems = {"projects.archived"}, .offer = {.when = {{"completed_at__isnull", "true"}}}}),
        post("/milestones/{id}/reopen", reopen, "Make a milestone open, and unsigned, again.",
             on<Milestone>(changeable_milestones, lock_project_of),
             {.problems = {"projects.archived"}, .offer = {.when = {{"completed_at__isnull", "false"}}}}),
        post("/milestones/{id}/sign-off", sign_off, "Accept a complete milestone, as its client.",
             on<Milestone>(milestones_to_sign, lock_project_of,
                           "Only the client signs a milestone off: one of the client's people, or a "
                           "client member of the project."),
             {.problems = {"projects.archived", "projects.not_complete"},
              .offer = {.when = {{"completed_at__isnull", "false"}, {"signed_off_at__isnull", "true"}}}}),
    };
}

}  // namespace

App app() {
    return {
        .name = "projects",
        .doc = "Clients, and what the studio does for them.",
        .resources = resources(),
        .routes = routes(),
        .permissions = permissions(),
        .listeners = {within<people::InvitationAccepted>("projects.welcome", welcome)},
        .responsibilities = responsibilities(),
        .problems = problems(),
        .seed = seed,
    };
}

}  // namespace tamiti::projects
