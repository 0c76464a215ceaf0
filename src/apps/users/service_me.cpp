#include "apps/users/service_me.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <type_traits>

#include "apps/users/access.hpp"
#include "apps/users/service_accounts.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/describe.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"
#include "core/model/seen.hpp"
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
    constexpr std::array names = {"is_active", "deactivation_reason", "signed_out_at", "erased_at"};
    return std::ranges::find(names, field.name) != names.end();
}

// The generic change, and read, on the one row that is the actor's: one place decides what a field takes and
// who may set it.
const Resource& own_account() {
    static const Resource mine = resource<User>("/users/me", {.view = own, .change = own},
                                                {.before_save = before_save, .after_save = after_save});
    return mine;
}

/// The same, of which the person reads all.
const Resource& own_account_to_read() {
    static const Model model = [] {
        Model all = model_of(tag<User>{});
        for (Field& field : all.fields) field.rules.read = nullptr;
        return all;
    }();
    static const Resource mine = [] {
        Resource made = own_account();
        made.model = &model;
        return made;
    }();
    return mine;
}

/// Names of what the account is answered with, in their order.
std::vector<std::string> names_of_all() {
    std::vector<std::string> names;
    for (const Field& field : shape_of(tag<Me>{}).fields) names.push_back(field.name);
    return names;
}

/// What Me adds to the row.
bool is_added(const std::string& name) {
    return !model_of(tag<User>{}).find(name);
}

void add_rest(const Me& mine, const std::vector<std::string>& wanted, const Actor& who, std::string& body) {
    Shape rest{.name = "MeRest"};
    for (const Field& field : shape_of(tag<Me>{}).fields)
        if (is_added(field.name) && std::ranges::find(wanted, field.name) != wanted.end())
            rest.fields.push_back(field);
    if (rest.fields.empty()) return;
    std::string more;
    write_shape(rest, who, &mine, more);
    body.back() = ',';
    body += more.substr(1);
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
    // By which If-Match knows the row, here and under /users.
    mine.row.version =
        static_cast<int>(seen_version(tx, model_of(tag<User>{}), who, who.id, mine.row.version));
    if (!who.viewed_by.is_nil()) mine.viewed_by = Id<User>{who.viewed_by};
    return mine;
}

Me change_me(Tx& tx, const Actor& who, const Call& call) {
    const json::value body = json::parse(call.request.body);
    change(tx, own_account(), who, who.id, body, http::IfMatch::of(call.request), false);
    return me(tx, who);
}

const Shape& shape_of(tag<MeQuery>) {
    static const Shape shape = input<MeQuery>(
        {field<&MeQuery::fields>("fields",
                                 {.help = "Answer these fields alone.", .example = "username,roles"}),
         field<&MeQuery::expand>(
             "expand", {.help = "Embed the rows that these references lead to.", .example = "manager"})});
    return shape;
}

void read_me(ReadTx& tx, const Actor& who, const Call& call, const MeQuery& asked) {
    const std::vector<std::string> all = names_of_all();
    std::vector<std::string> wanted = names_in(asked.fields.value_or(""));
    if (wanted.empty()) wanted = all;
    for (const std::string& name : wanted) {
        if (std::ranges::find(all, name) != all.end()) continue;
        const std::string sentence =
            "There is no \"" + name + "\" here. These exist: " + join(all, ", ") + ".";
        throw Malformed("http.unknown_fields", sentence).with({{"fields", sentence}});
    }
    Selection selection{.expand = names_in(asked.expand.value_or(""))};
    for (const std::string& name : wanted)
        if (!is_added(name)) selection.fields.push_back(name);
    if (selection.fields.empty()) selection.fields = {"id"};
    std::string& body = call.response.body;
    const std::int64_t version = read(tx, own_account_to_read(), who, who.id, selection, body);
    add_rest(me(tx, who), wanted, who, body);
    call.response.set("ETag", http::entity_tag(body, version));
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
