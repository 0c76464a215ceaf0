#include "apps/people/jobs.hpp"

#include "apps/auth/service.hpp"
#include "apps/people/service_personal_data.hpp"
#include "apps/users/service.hpp"
#include "core/base/text.hpp"
#include "core/jobs/job.hpp"
#include "core/mail/mail.hpp"
#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

std::string inviter_name(Tx& tx, const users::Invitation& invitation) {
    const auto inviter = invitation.invited_by ? tx.find(*invitation.invited_by) : std::nullopt;
    return inviter ? users::name_of(*inviter) : tx.site().name;
}

std::string role_names(const users::Invitation& invitation) {
    std::vector<std::string> names;
    for (Role role : invitation.roles) names.push_back(enum_name(role));
    return join(names, ", ");
}

}  // namespace

JobResult mail_invitation(Tx& tx, const SendInvitation& job) {
    const auto invitation = tx.find(job.invitation);
    if (!invitation || invitation->state != users::InvitationState::pending)
        return cancel("The invitation was taken back.");
    const bool is_known = users::has_address(tx, invitation->email.text);
    mail::Message message{.to = invitation->email.text};
    message.values = {{"inviter", inviter_name(tx, *invitation)}, {"studio", tx.site().name}};
    if (is_known) {
        message.template_name = "invitation_known";
        message.values.emplace_back("link", mail::link(tx.site(), "/login"));
    } else {
        const std::string token =
            auth::issue_link(tx, auth::Purpose::invitation, invitation->id.value, invitation->email.text);
        message.template_name = "invitation";
        message.values.emplace_back("roles", role_names(*invitation));
        message.values.emplace_back("link", mail::link(tx.site(), "/join#token=" + token));
        message.values.emplace_back("expires",
                                    format(day_in_zone(*invitation->expires_at, tx.site().time_zone)));
        if (!invitation->message.empty()) {
            message.template_name = "invitation_with_message";
            message.values.emplace_back("message", invitation->message.text);
        }
    }
    mail::send(tx, message);
    return done();
}

JobResult expire_invitations(Tx& tx, const ExpireInvitations&) {
    users::end_invitations(tx, users::InvitationState::expired, Scope::all(), 500);
    return done();
}

JobResult gather_personal_data(Tx& tx, const GatherPersonalData& job) {
    const auto person = tx.find(job.person);
    if (!person || person->erased_at) return cancel("The person's data were erased.");
    if (!keep_document(tx, *person)) return cancel("Nobody waits for this export any more.");
    users::send_mail(tx, *person, "export_ready", {{"link", mail::link(tx.site(), "/account/data")}});
    return done();
}

JobResult forget_exports(Tx& tx, const ForgetExports&) {
    tx.execute({"DELETE FROM people_export WHERE expires_at <= {}", tx.now()});
    return done();
}

void forget_export_of(Tx& tx, const users::UserDeactivated& event) {
    tx.execute({"DELETE FROM people_export WHERE person = {} AND requested_at <= {}", event.user, event.at});
}

}  // namespace tamiti::people
