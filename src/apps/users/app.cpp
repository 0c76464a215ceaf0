#include "core/app.hpp"

#include "apps/users/access.hpp"
#include "apps/users/service.hpp"
#include "core/http/route.hpp"

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
    Route route = patch("/users/me", change_me, "Change your own account.", signed_in());
    route.input = own_changes();
    route.problems = {"access.field", "data.taken", "users.own_rights"};
    return route;
}

template <class T>
Resource structure(std::string path) {
    return resource<T>(
        std::move(path),
        {.view = visible_structure, .create = manageable, .change = manageable, .remove = manageable});
}

}  // namespace

App app() {
    constexpr RoleSet studio = {Role::admin,   Role::manager, Role::finance, Role::content,
                                Role::digital, Role::field,   Role::staff};
    return {
        .name = "users",
        .doc = "The people who use the studio, their roles, and where they belong.",
        .resources =
            {
                resource<User>("/users", {.view = visible, .create = manageable, .change = manageable},
                               {.before_save = before_save, .after_save = after_save}),
                structure<Department>("/departments"),
                structure<Branch>("/branches"),
                structure<Designation>("/designations"),
            },
        .routes =
            {
                get("/users/me", me, "Your own account, with what you may do.", signed_in()),
                change_own_account(),
            },
        .permissions =
            {
                {"users.view_all", "See everybody", studio},
                {"users.view_contact", "See how to reach people and when they last signed in", studio},
                {"users.manage", "Make and change accounts, roles and the studio's structure", {Role::admin}},
            },
        .problems =
            {
                {"users.own_rights", 403,
                 "Nobody changes their own roles, activity, verification or expiry."},
                {"users.last_admin", 409, "The last admin who can sign in must stay one."},
            },
        .seed = seed,
    };
}

}  // namespace tamiti::users
