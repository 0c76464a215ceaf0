#include "core/engine/settings.hpp"

#include <boost/describe/class.hpp>
#include <boost/json.hpp>

#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/model/input.hpp"
#include "core/model/stored_settings.hpp"
#include "core/model/token_grants.hpp"
#include "core/program/registry.hpp"

namespace tamiti {
namespace {

struct SettingsEntry {
    std::string name{};
    std::string doc{};
    bool is_personal = false;
    bool can_change = false;
    std::int64_t version = 1;
    Json values{};
};

const Shape& shape_of(tag<SettingsEntry>) {
    static const Shape shape = answer<SettingsEntry>(
        {field<&SettingsEntry::name>("name", {.help = "They are read and changed at `/settings/{name}`.",
                                              .example = "auth.registration"}),
         field<&SettingsEntry::doc>("doc", {.help = "What they decide.",
                                            .example = "Whether people may make accounts of their own."}),
         field<&SettingsEntry::is_personal>(
             "is_personal",
             {.help = "Each person has their own, and these are yours; others are the studio's."}),
         field<&SettingsEntry::can_change>("can_change"), field<&SettingsEntry::version>("version"),
         field<&SettingsEntry::values>("values", {.help = "What holds now."})});
    return shape;
}

/// An access token changes and reads what its grants of the app say, and nothing of an app that takes none.
bool token_reaches(const Actor& who, const App& app, std::string_view verb) {
    if (who.token.is_nil()) return true;
    return app.no_token.empty() && who.grants && is_granted(*who.grants, app.name, verb);
}

bool holds(const Actor& who, const std::string& permission) {
    return permission.empty() || who.can(permission);
}

std::vector<SettingsEntry> all_settings(ReadTx& tx, const Actor& who) {
    std::vector<const StoredSettings*> read;
    std::vector<SettingsEntry> entries;
    for (const App& app : tx.site().registry->apps())
        for (const StoredSettings* of : app.settings) {
            if (!holds(who, of->read) || !token_reaches(who, app, "read")) continue;
            read.push_back(of);
            entries.push_back({.name = of->name,
                               .doc = of->doc,
                               .is_personal = of->personal,
                               .can_change = holds(who, of->change) && token_reaches(who, app, "write") &&
                                             who.viewed_by.is_nil()});
        }
    const std::vector<SettingsValues> values = settings_values(tx, read, who.id);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::string document;
        write_shape(read[i]->type.shape(), who, values[i].values.get(), document);
        entries[i].values.text = std::move(document);
        entries[i].version = values[i].version;
    }
    return entries;
}

}  // namespace

Route settings_route() {
    return get("/settings", all_settings, "Every setting that you may read, with what holds.", signed_in());
}

}  // namespace tamiti
