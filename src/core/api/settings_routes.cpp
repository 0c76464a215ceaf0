#include "core/api/settings_routes.hpp"

#include <boost/json.hpp>

#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/http/entity_tag.hpp"

namespace tamiti::api {
namespace {

RouteAccess access_of(const std::string& permission) {
    return permission.empty() ? signed_in() : needs(permission);
}

std::optional<Uuid> whose(const StoredSettings& of, const Actor& who) {
    return of.personal ? std::optional(who.id) : std::nullopt;
}

/// What a change takes: what is left out stays as it is, so it has no default.
Shape changes_of(const StoredSettings& of) {
    Shape shape = of.type.shape();
    shape.name += "Change";
    for (Field& field : shape.fields) field.default_stored.clear();
    return shape;
}

void answer(Call& call, const StoredSettings& of, const SettingsValues& holding) {
    call.response.body.clear();
    write_shape(of.type.shape(), call.who, holding.values.get(), call.response.body);
    call.response.set("ETag", http::entity_tag(call.response.body, holding.version));
}

}  // namespace

std::vector<Route> settings_routes(const StoredSettings& of) {
    const std::string path = "/settings/" + of.name;
    Route read{.method = http::Method::get, .path = path, .summary = of.doc, .access = access_of(of.read)};
    read.output = of.type.shape();
    read.run = [&of](Call& call) {
        look_once(call.site,
                  [&](ReadTx& tx) { answer(call, of, settings_values(tx, of, whose(of, call.who))); });
    };
    Route change{.method = http::Method::patch,
                 .path = path,
                 .summary = "Change the settings " + of.name + ".",
                 .access = access_of(of.change),
                 .options = {.problems = {"http.changed_meanwhile"}}};
    change.input = changes_of(of);
    change.output = of.type.shape();
    change.run = [&of](Call& call) {
        const json::value given = json::parse(call.request.body);
        const auto known = http::IfMatch::of(call.request);
        carry_out(call, [&](Tx& tx) {
            answer(call, of, change_settings(tx, of, call.who, whose(of, call.who), given, known));
        });
    };
    return {std::move(read), std::move(change)};
}

}  // namespace tamiti::api
