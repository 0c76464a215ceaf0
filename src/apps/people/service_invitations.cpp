#include "apps/people/service_invitations.hpp"

#include "apps/auth/service.hpp"
#include "apps/people/access.hpp"
#include "apps/people/events.hpp"
#include "apps/people/jobs.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/events/event.hpp"
#include "core/jobs/job.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

constexpr Limit invitations_of_one{"invite", 60, std::chrono::hours(1)};
constexpr Limit mails_of_one_invitation{"invite_again", 5, std::chrono::hours(1)};

/// What whoever invites and doesn't manage people may give. Who keeps the books or runs the studio is made by
/// who manages people.
constexpr RoleSet open_roles = {Role::content, Role::digital, Role::field, Role::staff, Role::client};

/// Whether somebody of those roles may give these to others.
bool may_grant(const Permissions& permissions, RoleSet held, RoleSet given) {
    if (permissions.allows(held, "users.manage")) return true;
    return permissions.allows(held, "users.invite") && (given.bits() & ~open_roles.bits()) == 0;
}

void require_grant(Tx& tx, const Actor& who, const std::vector<Role>& roles) {
    if (who.is_system || may_grant(*tx.site().permissions, who.roles, RoleSet(roles))) return;
    const std::string sentence =
        "You may invite content, digital, field, staff and client; other roles take an admin.";
    throw Forbidden("users.role_takes_admin", sentence).with({{"roles", sentence}});
}

/// Whether whoever invited might still do it: what an account sent that was closed or lost its roles, perhaps
/// because it was stolen, makes no more accounts.
bool inviter_stands(Tx& tx, const users::Invitation& invitation) {
    if (!invitation.invited_by) return true;
    const auto inviter = tx.find(*invitation.invited_by);
    return inviter && users::may_sign_in(*inviter, tx.now()) &&
           may_grant(*tx.site().permissions, RoleSet(inviter->roles), RoleSet(invitation.roles));
}

bool is_over(const users::Invitation& invitation, Timestamp now) {
    return invitation.state == users::InvitationState::pending && *invitation.expires_at <= now;
}

void check(const Acceptance& asked) {
    std::vector<FieldError> faults;
    if (std::string fault = users::username_fault(asked.username); !fault.empty())
        faults.push_back({"username", std::move(fault)});
    std::string fault = password_fault(
        asked.password, {asked.username, asked.first_name.value_or(""), asked.last_name.value_or("")});
    if (!fault.empty()) faults.push_back({"password", std::move(fault)});
    if (!faults.empty()) throw Invalid(std::move(faults));
}

/// The invitation of a link, locked, where it still makes an account.
users::Invitation open_invitation(Tx& tx, const std::string& token) {
    const auto link = auth::use_link(tx, auth::Purpose::invitation, token);
    if (!link) throw auth::invalid_link();
    const users::Invitation invitation = tx.lock(Id<users::Invitation>{link->subject});
    const bool holds = invitation.state == users::InvitationState::pending &&
                       !is_over(invitation, tx.now()) && invitation.email.text == link->address &&
                       inviter_stands(tx, invitation);
    if (!holds) throw auth::invalid_link();
    return invitation;
}

/// Makes the account, in the place of one that somebody registered with the address and never proved.
users::User put_account(Tx& tx, const users::Invitation& invitation, const Acceptance& asked) {
    const auto unproven = users::lock_unproven(tx, invitation.email.text);
    users::User user = unproven.value_or(users::User{});
    user.username = lower(asked.username);
    user.email = invitation.email;
    user.first_name = asked.first_name.value_or(invitation.first_name);
    user.last_name = asked.last_name.value_or(invitation.last_name);
    user.job_title = invitation.job_title;
    user.department = invitation.department;
    user.branch = invitation.branch;
    user.designation = invitation.designation;
    user.manager = invitation.manager;
    user.time_zone = {tx.site().time_zone};
    user.roles = invitation.roles;
    user.is_verified = true;
    user.expires_at = invitation.account_expires_at;
    using users::User;
    if (unproven)
        tx.save(user, &User::username, &User::email, &User::first_name, &User::last_name, &User::job_title,
                &User::department, &User::branch, &User::designation, &User::manager, &User::time_zone,
                &User::roles, &User::is_verified, &User::expires_at);
    else
        tx.insert(user);
    return user;
}

}  // namespace

void before_invite(Tx& tx, const Actor& who, users::Invitation& next, const users::Invitation* before) {
    if (before) return;
    if (!who.is_system) require(tx.site(), invitations_of_one, who.id.text());
    make_room_for(tx, {next.email.text});
    prepare_invitation(tx, who, next);
}

void make_room_for(Tx& tx, const std::vector<std::string>& addresses) {
    std::vector<std::string> lowered;
    for (const std::string& address : addresses) lowered.push_back(lower(address));
    users::end_invitations(tx, users::InvitationState::expired, where("lower(email) = ANY({})", lowered));
}

void prepare_invitation(Tx& tx, const Actor& who, users::Invitation& next) {
    require_grant(tx, who, next.roles);
    if (!next.expires_at) next.expires_at = tx.now() + auth::lifetime_of(auth::Purpose::invitation);
    if (*next.expires_at <= tx.now() ||
        *next.expires_at > tx.now() + auth::lifetime_of(auth::Purpose::invitation))
        throw Invalid("expires_at", "An invitation lives a week at most.");
    if (next.account_expires_at && *next.account_expires_at <= tx.now())
        throw Invalid("account_expires_at", "This time is over already.");
    next.invited_by = users::self(who);
    next.state = users::InvitationState::pending;
    next.sent_at = tx.now();
}

void after_invite(Tx& tx, const Actor&, const users::Invitation& now, const users::Invitation* before) {
    if (!before) send_invitation(tx, now.id);
}

void send_invitation(Tx& tx, Id<users::Invitation> id) {
    tx.enqueue(SendInvitation{id});
}

users::Invitation resend_invitation(Tx& tx, const Actor& who, Id<users::Invitation> id) {
    users::Invitation invitation = tx.lock(id, visible_invitations(who));
    if (invitation.accepted_at || invitation.cancelled_at)
        throw Conflict("users.invitation_over", "This invitation was accepted or cancelled. Make a new one.");
    require_grant(tx, who, invitation.roles);
    require(tx.site(), mails_of_one_invitation, id.text());
    invitation.state = users::InvitationState::pending;
    invitation.expires_at = tx.now() + auth::lifetime_of(auth::Purpose::invitation);
    invitation.sent_at = tx.now();
    tx.save(invitation, &users::Invitation::state, &users::Invitation::expires_at,
            &users::Invitation::sent_at);
    send_invitation(tx, invitation.id);
    return invitation;
}

users::Invitation cancel_invitation(Tx& tx, const Actor& who, Id<users::Invitation> id) {
    users::Invitation invitation = tx.lock(id, visible_invitations(who));
    if (invitation.cancelled_at) return invitation;
    if (invitation.accepted_at)
        throw Conflict("users.invitation_over",
                       "This invitation was accepted: deactivate the account that came of it.");
    invitation.state = users::InvitationState::cancelled;
    invitation.cancelled_at = tx.now();
    tx.save(invitation, &users::Invitation::state, &users::Invitation::cancelled_at);
    return invitation;
}

Joined accept_invitation(Tx& tx, const Actor&, Acceptance asked) {
    check(asked);
    // Nobody makes the studio hash passwords who has no link; and no connection is held meanwhile.
    if (!look(tx.site(),
              [&](ReadTx& read) { return auth::look_at_link(read, auth::Purpose::invitation, asked.token); }))
        throw auth::invalid_link();
    const std::string hash = hash_password(asked.password);
    users::Invitation invitation = open_invitation(tx, asked.token);
    const users::User user = put_account(tx, invitation, asked);
    auth::set_password(tx, user.id, hash);
    invitation.state = users::InvitationState::accepted;
    invitation.accepted_at = tx.now();
    invitation.account = user.id;
    tx.save(invitation, &users::Invitation::state, &users::Invitation::accepted_at,
            &users::Invitation::account);
    tx.emit(InvitationAccepted{.invitation = invitation.id, .account = user.id});
    return {.id = user.id, .username = user.username, .roles = user.roles};
}

const Shape& shape_of(tag<Acceptance>) {
    static const Shape shape = input<Acceptance>(
        {field<&Acceptance::token>("token", {.max_length = 200, .help = "From the link in the mail."}),
         field<&Acceptance::username>("username", {.max_length = 32, .example = "achieng"}),
         field<&Acceptance::password>("password", {.max_length = 1024,
                                                   .verbatim = true,
                                                   .help = "At least 10 characters, and not a common one.",
                                                   .example = "mango-lorry-84-verandah"}),
         field<&Acceptance::first_name>(
             "first_name",
             {.max_length = 80, .names_person = true, .help = "As the invitation has it where left out."}),
         field<&Acceptance::last_name>(
             "last_name",
             {.max_length = 80, .names_person = true, .help = "As the invitation has it where left out."})});
    return shape;
}

}  // namespace tamiti::people
