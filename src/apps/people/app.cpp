#include "apps/people/people.hpp"

#include "apps/auth/passwords/passwords.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/people/service_import.hpp"
#include "apps/people/service_invitations.hpp"
#include "apps/people/service_personal_data.hpp"
#include "apps/people/service_statistics.hpp"
#include "apps/users/events.hpp"
#include "core/api/route.hpp"
#include "core/events/event.hpp"

namespace tamiti::auth {
namespace {

/// What would outlive the account's sessions: tokens of programs, links, a document with personal data. Not
/// what somebody began who was let in again before this runs.
void end_access_of(Tx& tx, const users::UserDeactivated& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
    revoke_personal_tokens(tx, event.user, event.at);
    tx.execute("DELETE FROM auth_link WHERE account = $1 AND used_at IS NULL AND created_at <= $2",
               event.user, event.at);
    tx.execute("DELETE FROM auth_export WHERE person = $1 AND requested_at <= $2", event.user, event.at);
}

/// Neither a token nor a link to another address is left behind that would work again with the next proof.
void end_unproven_access_of(Tx& tx, const users::UserUnverified& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
    revoke_personal_tokens(tx, event.user, event.at);
    tx.execute(
        "DELETE FROM auth_link WHERE account = $1 AND purpose = 'change_email' AND used_at IS NULL AND "
        "created_at <= $2",
        event.user, event.at);
}

/// The session of a temporary account ends with its time; tokens may live again when the time is extended.
void end_sessions_of(Tx& tx, const users::UserExpired& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
}

}  // namespace

std::vector<Resource> people_resources() {
    return {
        resource<users::Invitation>("/invitations", {.view = visible_invitations, .create = new_invitations},
                                    {.before_save = before_invite, .after_save = after_invite}),
        resource<users::Import>("/user-imports", {.view = visible_imports}),
    };
}

std::vector<Route> people_routes() {
    return {
        answering(post("/invitations/accept", accept_invitation, "Make the account that a link invites to.",
                       anyone()),
                  {"auth.invalid_link", "auth.busy", "data.taken"}, 201),
        answering(post("/invitations/{id}/resend", resend_invitation, "Send an invitation again.",
                       needs("users.invite")),
                  {"users.invitation_over", "users.role_not_held"}),
        answering(post("/invitations/{id}/cancel", cancel_invitation, "Take an invitation back.",
                       needs("users.invite")),
                  {"users.invitation_over"}),
        post("/users/import", import_people, "Invite everybody in a spreadsheet.", needs("users.manage")),
        post("/user-imports/{id}/undo", undo_import, "Take back what a spreadsheet invited.",
             needs("users.manage")),
        answering(
            post("/users/me/export", request_personal_data, "Ask for all that is kept of you.", signed_in()),
            {}, 202),
        get("/users/me/export", personal_data, "All that is kept of you, once it is gathered.", signed_in()),
        get("/users/me/statistics", habits, "How often you sign in, and how many days in a row.",
            signed_in()),
        get("/statistics/people", group_habits, "How often the people of each department sign in.",
            needs("users.view_statistics")),
    };
}

std::vector<JobKind> people_jobs() {
    return {job<SendInvitation>(mail_invitation, {.priority = 5}), job<ExpireInvitations>(expire_invitations),
            job<GatherPersonalData>(gather_personal_data, gathering), job<ForgetExports>(forget_exports)};
}

std::vector<Schedule> people_schedules() {
    return {every(std::chrono::minutes(15), ExpireInvitations{}),
            every(std::chrono::hours(1), ForgetExports{})};
}

std::vector<Listener> people_listeners() {
    return {after<users::UserDeactivated>("auth.end_access_of", end_access_of),
            after<users::UserUnverified>("auth.end_unproven_access_of", end_unproven_access_of),
            after<users::UserExpired>("auth.end_sessions_of", end_sessions_of)};
}

std::vector<ProblemKind> people_problems() {
    return {
        {"users.role_not_held", 403, "Nobody invites to a role that they don't hold."},
        {"users.invitation_over", 409, "The invitation was accepted or cancelled."},
    };
}

}  // namespace tamiti::auth
