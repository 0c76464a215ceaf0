#include "core/program/app.hpp"

#include "apps/users/access.hpp"
#include "apps/users/commands.hpp"
#include "apps/users/jobs.hpp"
#include "apps/users/seed.hpp"
#include "apps/users/service_accounts.hpp"
#include "apps/users/service_avatars.hpp"
#include "apps/users/service_erasure.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "apps/users/service_me.hpp"
#include "apps/users/service_permissions.hpp"
#include "core/api/route.hpp"
#include "core/jobs/job.hpp"

namespace tamiti::users {
namespace {

/// What people may change of themselves: the fields of the model that need no permission.
Shape own_changes() {
    Shape shape{.name = "MeChange"};
    for (const Field& field : model_of(tag<User>{}).fields) {
        if (field.rules.read_only || field.rules.create_only || field.rules.write) continue;
        shape.fields.push_back(field);
        shape.fields.back().rules.required = false;
        shape.fields.back().rules.read = nullptr;
    }
    return shape;
}

Route change_own_account() {
    Route route =
        patch("/users/me", change_me, "Change your own account.", signed_in(),
              {.problems = {"access.field", "data.taken", "http.changed_meanwhile", "users.own_rights"}});
    route.input = own_changes();
    return route;
}

Route read_own_account() {
    Route route = get("/users/me", read_me, "Your own account, with what you may do.", signed_in(),
                      {.status = 200, .without_factor = true});
    route.output = shape_of(tag<Me>{});
    return route;
}

// These routes decide whether an account may be used, and by that who somebody is from then on.
constexpr const char* no_token_opens_or_closes =
    "Accounts are closed, opened and erased by who signed in, not by an access token.";

std::vector<Route> routes() {
    return {
        read_own_account(),
        change_own_account(),
        put("/users/me/avatar", set_avatar, "Show a picture of yourself, PNG or JPEG of at most 1 MB.",
            signed_in(), {.takes = {"image/png", "image/jpeg"}}),
        delete_("/users/me/avatar", remove_avatar, "Take your picture away.", signed_in()),
        get("/avatars/{id}", show_avatar, "A person's picture.", signed_in(), {.status = 200}),
        get("/users/{id}/work", open_work, "The open work that a person would leave behind.",
            needs("users.manage")),
        post("/users/{id}/deactivate", deactivate, "Close an account at once, and hand over its open work.",
             needs("users.manage"),
             {.problems = {"users.own_rights", "users.last_admin"},
              .no_token = no_token_opens_or_closes,
              .offer = {.when = {{"is_active", "true"}}, .one_by_one = true}}),
        post("/users/{id}/reactivate", reactivate, "Open a closed account again.", needs("users.manage"),
             {.problems = {"users.own_rights", "users.erased"},
              .no_token = no_token_opens_or_closes,
              .offer = {.when = {{"is_active", "false"}, {"erased_at__isnull", "true"}}}}),
        post("/users/{id}/erase", erase, "Make a deactivated person unrecognisable, for good.",
             needs("users.manage"),
             {.problems = {"users.own_rights", "users.still_active"},
              .no_token = no_token_opens_or_closes,
              .offer = {.confirm = "Make this person unrecognisable? This can't be undone.",
                        .when = {{"is_active", "false"}, {"erased_at__isnull", "true"}},
                        .one_by_one = true}}),
        get("/permissions", permissions, "Every permission, and the roles that hold it.",
            needs("users.view_all")),
        get("/permissions/matrix", matrix, "What each role may do with rows, routes and fields.",
            needs("users.view_all")),
        get("/permissions/explain", explain, "Why somebody may, or may not, do something with a row.",
            signed_in(), {.problems = {"http.not_found"}}),
    };
}

template <class T>
Resource structure(std::string path) {
    return resource<T>(
        std::move(path),
        {.view = visible_structure, .create = manageable, .change = manageable, .remove = manageable});
}

}  // namespace

App app() {
    return {
        .name = "users",
        .doc = "The people who use the studio, their roles, and where they belong.",
        .resources =
            {
                resource<User>(
                    "/users",
                    {.view = visible, .create = manageable, .change = manageable, .named = named_to},
                    {.before_save = before_save, .after_save = after_save}),
                structure<Department>("/departments"),
                structure<Branch>("/branches"),
                structure<Designation>("/designations"),
            },
        .routes = routes(),
        .permissions =
            {
                {"users.view_all", "See everybody", staff_roles},
                {"users.view_contact", "See how to reach people and when their account ends", staff_roles},
                {"users.manage", "Make and change accounts, roles and the studio's structure", {Role::admin}},
                {"users.invite", "Invite people to the studio, as staff or clients", manager_roles},
                {"users.view_statistics", "See how often the people of each department sign in",
                 manager_roles},
            },
        .commands = commands(),
        .jobs = {job<CloseExpired>(close_expired)},
        .schedules = {every(std::chrono::minutes(5), CloseExpired{})},
        .responsibilities =
            {
                {&model_of(tag<User>{}), "manager", "is_active"},
                {&model_of(tag<User>{}), "out_of_office_delegate", "is_active"},
            },
        .problems =
            {
                {"users.own_rights", 403,
                 "Nobody changes their own address, roles, activity, verification or expiry here."},
                {"users.last_admin", 409, "The last admin who can sign in must stay one."},
                {"users.still_active", 409, "Only the data of a deactivated person can be erased."},
                {"users.erased", 409, "An account whose person was erased stays closed, and as it is."},
            },
        .seed_basics = seed_basics,
        .seed = seed,
        .erase = forget_person,
    };
}

}  // namespace tamiti::users
