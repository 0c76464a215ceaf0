#include "apps/users/service_me.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <type_traits>

#include "apps/users/access.hpp"
#include "apps/users/service_accounts.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/describe.hpp"
#include "core/model/write.hpp"

namespace tamiti::users {
namespace {

Tags permissions_of(const Actor& who) {
    Tags codes;
    for (const Permission& permission : who.permissions->all())
        if (permission.roles.meets(who.roles)) codes.names.push_back(permission.code);
    return codes;
}

/// Whether a field of the row is the studio's own note.
bool is_of_the_studio(const Field& field) {
    constexpr std::array names = {"is_active", "signed_out_at", "erased_at"};
    return std::ranges::find(names, field.name) != names.end();
}

template <auto Pointer>
Field added(const char* name) {
    Field made = field<Pointer>(name);
    made.json_key = "\"" + made.name + "\":";
    return made;
}

}  // namespace

Me me(ReadTx& tx, const Actor& who) {
    Me mine{.row = tx.get(Id<User>{who.id}),
            .permissions = permissions_of(who),
            .must_add_factor = who.must_add_factor};
    if (!who.viewed_by.is_nil()) mine.viewed_by = Id<User>{who.viewed_by};
    return mine;
}

Me change_me(Tx& tx, const Actor& who, const Call& call) {
    // The generic change, on the one row that is the actor's: one place decides what a field takes and who
    // may set it.
    static const Resource mine = resource<User>("/users/me", {.view = own, .change = own},
                                                {.before_save = before_save, .after_save = after_save});
    const json::value body = json::parse(call.request.body);
    change(tx, mine, who, who.id, body, http::IfMatch::of(call.request), false);
    return me(tx, who);
}

const Shape& shape_of(tag<Me>) {
    // The fields of the model read a User: it is the first member, at whose address Me itself is.
    static_assert(std::is_standard_layout_v<Me>);
    static const Shape made = [] {
        Shape shape{.name = "Me"};
        for (const Field& field : model_of(tag<User>{}).fields) {
            if (is_of_the_studio(field)) continue;
            shape.fields.push_back(field);
            shape.fields.back().rules.read = nullptr;  // one's own
            if (field.name != "roles") continue;
            shape.fields.push_back(added<&Me::permissions>("permissions"));
            shape.fields.push_back(added<&Me::must_add_factor>("must_add_factor"));
            shape.fields.push_back(added<&Me::viewed_by>("viewed_by"));
        }
        return shape;
    }();
    return made;
}

}  // namespace tamiti::users
