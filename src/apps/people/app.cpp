#include "core/program/app.hpp"

#include "apps/people/access.hpp"
#include "apps/people/commands.hpp"
#include "apps/people/import_rows.hpp"
#include "apps/people/jobs.hpp"
#include "apps/people/service_import.hpp"
#include "apps/people/service_invitations.hpp"
#include "apps/people/service_personal_data.hpp"
#include "apps/people/service_statistics.hpp"
#include "core/api/route.hpp"
#include "core/events/event.hpp"

namespace tamiti::people {
namespace {

std::vector<Route> routes() {
    return {
        post("/invitations/accept", accept_invitation, "Make the account that a link invites to.", anyone(),
             {.problems = {"auth.invalid_link", "auth.busy", "data.taken"}, .status = 201, .no_store = true}),
        post("/invitations/{id}/resend", resend_invitation, "Send an invitation again.",
             needs("users.invite"),
             {.problems = {"users.invitation_over", "users.role_takes_admin"},
              .offer = {.when = {{"state__in", "pending,expired"}}}}),
        post("/invitations/{id}/cancel", cancel_invitation, "Take an invitation back.", needs("users.invite"),
             {.problems = {"users.invitation_over"}, .offer = {.when = {{"state", "pending"}}}}),
        post("/users/import", import_people, "Invite everybody in a spreadsheet.", needs("users.manage"),
             {.sheet = {.model = &model_of(tag<users::Invitation>{}),
                        .fields = import_fields(),
                        .most_rows = most_rows,
                        .batch = &model_of(tag<users::Import>{})}}),
        post("/user-imports/{id}/undo", undo_import, "Take back what a spreadsheet invited.",
             needs("users.manage"),
             {.offer = {.confirm =
                            "Take back every invitation of this spreadsheet that nobody has accepted yet?",
                        .when = {{"undone_at__isnull", "true"}},
                        .one_by_one = true}}),
        post("/users/me/export", request_personal_data, "Ask for all that is kept of you.", signed_in(),
             {.status = 202}),
        get("/users/me/export", personal_data, "All that is kept of you, once it is gathered.", signed_in(),
            {.for_oneself = true}),
        get("/users/me/statistics", habits, "How often you sign in, and how many days in a row.", signed_in(),
            {.for_oneself = true}),
        get("/statistics/people", group_habits, "How often the people of each department sign in.",
            needs("users.view_statistics")),
    };
}

/// Removes what was gathered for a person whose data are erased.
void forget_person(Tx& tx, const Uuid& person) {
    tx.execute({"DELETE FROM people_export WHERE person = {}", person});
}

}  // namespace

App app() {
    return {
        .name = "people",
        .doc = "How people join, what the studio keeps of them, and what is counted of them.",
        .resources =
            {
                resource<users::Invitation>("/invitations",
                                            {.view = visible_invitations, .create = new_invitations},
                                            {.before_save = before_invite, .after_save = after_invite}),
                resource<users::Import>("/user-imports", {.view = visible_imports}),
            },
        .routes = routes(),
        .commands = commands(),
        .jobs = {job<SendInvitation>(mail_invitation, {.priority = 5}),
                 job<ExpireInvitations>(expire_invitations),
                 job<GatherPersonalData>(gather_personal_data, gathering),
                 job<ForgetExports>(forget_exports)},
        .schedules = {every(std::chrono::minutes(15), ExpireInvitations{}),
                      every(std::chrono::hours(1), ForgetExports{})},
        .listeners = {after<users::UserDeactivated>("people.forget_export_of", forget_export_of)},
        .problems =
            {
                {"users.role_takes_admin", 403,
                 "Finance, managers and admins are invited by who manages people."},
                {"users.invitation_over", 409, "The invitation was accepted or cancelled."},
            },
        .no_token =
            "Who joins, and what is kept of a person, is dealt with by who signed in, not by an access "
            "token.",
        .erase = forget_person,
    };
}

}  // namespace tamiti::people
