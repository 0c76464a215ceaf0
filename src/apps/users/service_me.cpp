#include "apps/users/service_me.hpp"

#include <boost/json.hpp>

#include "apps/users/access.hpp"
#include "apps/users/service_accounts.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/write.hpp"

namespace tamiti::users {
namespace {

Tags permissions_of(const Actor& who) {
    Tags codes;
    for (const Permission& permission : who.permissions->all())
        if (permission.roles.meets(who.roles)) codes.names.push_back(permission.code);
    return codes;
}

}  // namespace

Me me(ReadTx& tx, const Actor& who) {
    User user = tx.get(Id<User>{who.id});
    Me mine;
    mine.id = user.id;
    mine.username = std::move(user.username);
    mine.email = std::move(user.email);
    mine.phone = std::move(user.phone);
    mine.first_name = std::move(user.first_name);
    mine.last_name = std::move(user.last_name);
    mine.job_title = std::move(user.job_title);
    mine.bio = std::move(user.bio);
    mine.department = user.department;
    mine.branch = user.branch;
    mine.designation = user.designation;
    mine.manager = user.manager;
    mine.time_zone = std::move(user.time_zone);
    mine.language = user.language;
    mine.working_hours = std::move(user.working_hours);
    mine.agent_tags = std::move(user.agent_tags);
    mine.zones = std::move(user.zones);
    mine.out_of_office_from = user.out_of_office_from;
    mine.out_of_office_until = user.out_of_office_until;
    mine.out_of_office_delegate = user.out_of_office_delegate;
    mine.roles = std::move(user.roles);
    mine.permissions = permissions_of(who);
    mine.must_add_factor = who.must_add_factor;
    if (!who.viewed_by.is_nil()) mine.viewed_by = Id<User>{who.viewed_by};
    mine.is_verified = user.is_verified;
    mine.expires_at = user.expires_at;
    mine.last_login_at = user.last_login_at;
    mine.created_at = user.created_at;
    mine.updated_at = user.updated_at;
    mine.version = user.version;
    return mine;
}

Me change_me(Tx& tx, const Actor& who, const Call& call) {
    // The generic change, on the one row that is the actor's: one place decides what a field takes and who
    // may set it.
    static const Resource mine = resource<User>("/users/me", {.view = own, .change = own},
                                                {.before_save = before_save, .after_save = after_save});
    const json::value body = json::parse(call.request.body);
    const auto version = http::version_wanted(call.request.header("If-Match"));
    change(tx, mine, who, who.id, body, version, false);
    return me(tx, who);
}

}  // namespace tamiti::users
