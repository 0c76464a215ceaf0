#include "apps/auth/models.hpp"

#include "core/model/describe.hpp"

namespace tamiti::auth {

const Model& model_of(tag<Session>) {
    static const Model model = [] {
        Description session;
        session.table = "auth_session";
        session.doc = "One sign-in on one device.";
        session.fields = {
            uuid_model<Session>(),
            field<&Session::account>("account", {.required = true, .on_delete = Delete::cascade}),
            field<&Session::device>("device", {.max_length = 300, .personal = true}),
            field<&Session::address>("address", {.max_length = 64, .personal = true}),
            field<&Session::last_used_at>("last_used_at", {.read_only = true}),
            field<&Session::expires_at>("expires_at", {.read_only = true}),
            field<&Session::ended_at>("ended_at", {.read_only = true}),
            field<&Session::end_reason>("end_reason", {.read_only = true}),
            time_stamped_model<Session>(),
        };
        session.checks = {
            {"ended", "(ended_at IS NULL) = (end_reason IS NULL)", "A session ends for a reason."}};
        session.person = "account";
        session.order = "-last_used_at";
        session.brief = {"device"};
        session.label = "device";
        return describe<Session>("auth.session", std::move(session));
    }();
    return model;
}

const Model& model_of(tag<PersonalToken>) {
    static const Model model = [] {
        Description token;
        token.table = "auth_personal_token";
        token.doc = "What a person gives to a program instead of a password.";
        token.fields = {
            uuid_model<PersonalToken>(),
            field<&PersonalToken::account>("account", {.required = true, .on_delete = Delete::cascade}),
            field<&PersonalToken::name>("name", {.required = true, .max_length = 100, .personal = true}),
            field<&PersonalToken::grants>("grants", {.required = true}),
            field<&PersonalToken::expires_at>("expires_at", {.required = true}),
            field<&PersonalToken::revoked_at>("revoked_at", {.read_only = true}),
            field<&PersonalToken::warned_at>("warned_at", {.read_only = true}),
            time_stamped_model<PersonalToken>(),
        };
        token.checks = {
            {"has_grants", "cardinality(grants) > 0", "A token may do one thing at least.", "grants"},
            {"within_a_year", "expires_at <= created_at + interval '366 days'", "A token ends within a year.",
             "expires_at"},
        };
        token.person = "account";
        token.order = "-created_at";
        token.brief = {"name"};
        token.label = "name";
        return describe<PersonalToken>("auth.personal_token", std::move(token));
    }();
    return model;
}

const Model& model_of(tag<View>) {
    static const Model model = [] {
        Description view;
        view.table = "auth_view";
        view.doc = "One time that an admin looked at the studio as somebody else.";
        view.fields = {
            uuid_model<View>(),
            field<&View::admin>("admin", {.required = true, .on_delete = Delete::cascade}),
            field<&View::person>("person", {.required = true, .on_delete = Delete::cascade}),
            field<&View::session>("session", {.required = true, .on_delete = Delete::cascade}),
            field<&View::reason>("reason", {.required = true, .max_length = 500}),
            field<&View::expires_at>("expires_at", {.read_only = true}),
            time_stamped_model<View>(),
        };
        view.checks = {{"not_oneself", "admin <> person", "Nobody looks as themselves.", "person"}};
        view.order = "-created_at";
        view.brief = {"reason"};
        view.label = "reason";
        return describe<View>("auth.view", std::move(view));
    }();
    return model;
}

}  // namespace tamiti::auth
