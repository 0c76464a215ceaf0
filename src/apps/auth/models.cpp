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
            field<&Session::device>("device", {.max_length = 300}),
            field<&Session::address>("address", {.max_length = 64}),
            field<&Session::last_used_at>("last_used_at", {.read_only = true}),
            field<&Session::expires_at>("expires_at", {.read_only = true}),
            field<&Session::ended_at>("ended_at", {.read_only = true}),
            field<&Session::end_reason>("end_reason", {.read_only = true}),
            time_stamped_model<Session>(),
        };
        session.checks = {
            {"ended", "(ended_at IS NULL) = (end_reason IS NULL)", "A session ends for a reason."}};
        session.order = "-last_used_at";
        session.brief = {"device"};
        return describe<Session>("auth.session", std::move(session));
    }();
    return model;
}

}  // namespace tamiti::auth
