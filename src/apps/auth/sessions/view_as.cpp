#include "apps/auth/sessions/view_as.hpp"

#include <algorithm>

#include "apps/auth/sessions/own_session.hpp"
#include "apps/auth/sessions/session_state.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/users/service.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

namespace tamiti::auth {
namespace {

constexpr std::chrono::minutes lifetime{10};

/// Whether those roles may look as somebody with these: an admin as anybody, others only as people who hold
/// no permission that they lack.
bool may_view(const Permissions& permissions, RoleSet viewer, RoleSet person) {
    if (!permissions.allows(viewer, "users.view_as")) return false;
    if (viewer.has(Role::admin)) return true;
    return std::ranges::all_of(permissions.all(), [&](const Permission& permission) {
        return !permission.roles.meets(person) || permission.roles.meets(viewer);
    });
}

/// The person who is looked as, and who looks.
struct ViewState : PersonState {
    Uuid admin{};
};
BOOST_DESCRIBE_STRUCT(ViewState, (PersonState), (admin))

SessionState load_view(Site& site, const Uuid& id) {
    const auto found = look_once(site, [&](ReadTx& tx) {
        return tx.find_one<ViewState>(Sql{R"(SELECT {}, f.confirmed_at IS NOT NULL AS has_factor,
                          least(v.expires_at, u.expires_at) AS closes_at, u.is_active AS is_open, v.admin
                   FROM auth_view v JOIN {} u ON u.id = v.person
                   LEFT JOIN auth_second_factor f ON f.account = u.id WHERE v.id = {})",
                                          person_columns(), users::accounts(), id});
    });
    if (!found) return {};
    SessionState state = state_of(site, *found);
    state.viewed_by = found->admin;
    return state;
}

}  // namespace

ViewToken view_as(Tx& tx, const Actor& who, Id<users::User> person, ViewAs asked) {
    require_own_session(who);
    const users::User user = tx.get(person);
    if (trim(asked.reason).empty()) throw Invalid("reason", "Say why you need to look.");
    if (person.value == who.id) throw Forbidden("auth.view_as", "You are yourself already.");
    if (!users::may_sign_in(user, tx.now()))
        throw Forbidden("auth.view_as",
                        "Nobody can sign in with this account, so that nobody sees anything with it.");
    if (!who.permissions || !may_view(*who.permissions, who.roles, RoleSet(user.roles)))
        throw Forbidden("auth.view_as", "This person may do what you may not.");
    View view;
    view.admin = {who.id};
    view.person = person;
    view.session = {who.session};
    view.reason = trim(asked.reason);
    view.expires_at = tx.now() + lifetime;
    tx.insert(view);
    log::info("view_as", {{"user", who.id.text()}, {"person", person.text()}, {"view", view.id.text()}});
    const AccessClaims claims{.user = person.value,
                              .session = who.session,
                              .id = view.id.value,
                              .viewed_by = who.id,
                              .issued_at = tx.now(),
                              .expires_at = view.expires_at};
    return {.access = tx.site().memory.get<AccessTokens>(tx.site()).issue(claims),
            .expires_in = static_cast<int>(std::chrono::seconds(lifetime).count()),
            .view = view.id};
}

Actor viewing_actor(Site& site, const AccessClaims& claims) {
    const auto admin = session_state(site, claims.session);
    const Actor viewer = actor_of(site, *admin);  // refuses where the session has ended
    const auto person = site.memory.get<SessionCache>(site).find(
        claims.id, [&site](const Uuid& view) { return load_view(site, view); });
    if (viewer.id != claims.viewed_by || person->viewed_by != viewer.id || person->user != claims.user)
        throw invalid_token();
    if (!may_view(*site.permissions, viewer.roles, person->roles)) throw invalid_token();
    Actor actor = actor_of(site, *person);
    actor.viewed_by = viewer.id;
    actor.must_add_factor = viewer.must_add_factor;
    actor.via = "view " + claims.id.text();
    return actor;
}

const Shape& shape_of(tag<ViewAs>) {
    static const Shape shape =
        input<ViewAs>({field<&ViewAs::reason>("reason", {.max_length = 500,
                                                         .help = "Kept for good, with who looked and when.",
                                                         .example = "Their list of projects is empty."})});
    return shape;
}

}  // namespace tamiti::auth
