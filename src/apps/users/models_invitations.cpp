#include "apps/users/models.hpp"
#include "core/model/describe.hpp"

namespace tamiti::users {
namespace {

// Whom the invitation is for and what the account will be; set once, by whoever invites.
std::vector<FieldGroup> asked() {
    return {
        field<&Invitation::email>("email", {.required = true,
                                            .filter = Match::equal,
                                            .create_only = true,
                                            .personal = true,
                                            .example = "achieng@studio.example"}),
        field<&Invitation::first_name>(
            "first_name", {.max_length = 80, .create_only = true, .names_person = true, .personal = true}),
        field<&Invitation::last_name>(
            "last_name", {.max_length = 80, .create_only = true, .names_person = true, .personal = true}),
        field<&Invitation::job_title>("job_title",
                                      {.max_length = 120, .create_only = true, .personal = true}),
        field<&Invitation::roles>("roles",
                                  {.required = true,
                                   .filter = Match::any,
                                   .create_only = true,
                                   .help = "Finance, manager and admin take somebody who manages people."}),
        field<&Invitation::department>(
            "department", {.filter = one_or_any, .create_only = true, .on_delete = Delete::set_null}),
        field<&Invitation::branch>(
            "branch", {.filter = one_or_any, .create_only = true, .on_delete = Delete::set_null}),
        field<&Invitation::designation>(
            "designation", {.filter = one_or_any, .create_only = true, .on_delete = Delete::set_null}),
        field<&Invitation::manager>("manager", {.filter = one_or_any,
                                                .create_only = true,
                                                .on_delete = Delete::set_null,
                                                .help = "Whom the person will report to."}),
        field<&Invitation::message>(
            "message",
            {.max_length = 1000, .create_only = true, .personal = true, .help = "A few words for the mail."}),
        field<&Invitation::account_expires_at>(
            "account_expires_at",
            {.create_only = true, .help = "When the account will close by itself: makes a temporary user."}),
    };
}

// As has_address() has it: an account that anybody may have registered, and nobody has proven, is none.
// Whoever reads it sees everybody's address in any case.
constexpr const char* has_account = R"(EXISTS (
    SELECT FROM users_user AS u
    WHERE lower(u.email) = lower({row}.email)
      AND NOT (NOT u.is_verified AND u.last_login_at IS NULL AND u.is_active AND u.roles = ARRAY['client'])))";

// What became of it.
std::vector<FieldGroup> outcome() {
    return {
        field<&Invitation::state>(
            "state", {.filter = one_or_any,
                      .read_only = true,
                      .tones = {{"pending", Tone::info}, {"accepted", Tone::good}, {"expired", Tone::warn}}}),
        field<&Invitation::expires_at>("expires_at",
                                       {.sort = true,
                                        .filter = Match::range,
                                        .create_only = true,
                                        .help = "Until when the link works; a week where left out."}),
        field<&Invitation::sent_at>("sent_at", {.read_only = true, .help = "When the mail last went out."}),
        field<&Invitation::invited_by>(
            "invited_by", {.filter = one_or_any, .read_only = true, .on_delete = Delete::set_null}),
        field<&Invitation::account>("account", {.filter = one_or_any,
                                                .read_only = true,
                                                .on_delete = Delete::set_null,
                                                .help = "The account that came of it."}),
        derived<&Invitation::has_account>(
            "has_account", has_account,
            {.read = "users.view_contact",
             .help = "The address has an account, whose owner was told so instead of being sent a link."}),
        field<&Invitation::accepted_at>("accepted_at", {.read_only = true}),
        field<&Invitation::cancelled_at>("cancelled_at", {.read_only = true}),
        field<&Invitation::batch>("batch", {.filter = one_or_any,
                                            .read_only = true,
                                            .on_delete = Delete::set_null,
                                            .help = "The spreadsheet that it came with."}),
    };
}

}  // namespace

const Model& model_of(tag<Invitation>) {
    static const Model model = [] {
        Description invitation;
        invitation.table = "users_invitation";
        invitation.doc = "Somebody was asked to join.";
        invitation.fields = {uuid_model<Invitation>()};
        for (auto&& part : {asked(), outcome()})
            invitation.fields.insert(invitation.fields.end(), part.begin(), part.end());
        invitation.fields.push_back(time_stamped_model<Invitation>());
        invitation.checks = {
            {"has_role", "cardinality(roles) > 0", "A user has at least one role.", "roles"},
            {"client_alone", "NOT ('client' = ANY(roles)) OR roles <@ ARRAY['client']",
             "A client can't hold other roles as well.", "roles"},
            {"ends", "expires_at IS NOT NULL", "An invitation ends at some time.", "expires_at"},
            {"accepted", "(state = 'accepted') = (accepted_at IS NOT NULL)",
             "An accepted invitation says when.", "state"},
            {"cancelled", "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
             "A cancelled invitation says when.", "state"},
        };
        invitation.unique = {
            {"pending", "This address has an invitation already: send it again or cancel it.", "email"}};
        invitation.person = "account";
        invitation.order = "-created_at";
        invitation.brief = {"email", "state"};
        invitation.label = "email";
        invitation.console = {.list = {"email", "roles", "state", "expires_at"},
                              .group = "People",
                              .icon = "mail",
                              .filters = {"state", "roles", "invited_by"}};
        return describe<Invitation>("users.invitation", std::move(invitation));
    }();
    return model;
}

const Model& model_of(tag<Import>) {
    static const Model model = [] {
        Description import;
        import.table = "users_import";
        import.doc = "One spreadsheet of people who were invited together.";
        import.fields = {
            uuid_model<Import>(),
            field<&Import::imported_by>(
                "imported_by", {.filter = one_or_any, .read_only = true, .on_delete = Delete::set_null}),
            field<&Import::row_count>("row_count", {.read_only = true, .help = "How many were invited."}),
            field<&Import::undone_at>("undone_at", {.read_only = true}),
            time_stamped_model<Import>(),
        };
        import.order = "-created_at";
        import.brief = {"row_count"};
        import.label = "{row_count} invitations";
        import.console = {.list = {"created_at", "row_count", "undone_at"},
                          .group = "People",
                          .icon = "upload",
                          .placed = false};
        return describe<Import>("users.import", std::move(import));
    }();
    return model;
}

}  // namespace tamiti::users
