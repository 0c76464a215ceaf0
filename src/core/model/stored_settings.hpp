#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.hpp"
#include "core/base/settings.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/input.hpp"
#include "core/model/nested.hpp"
#include "core/model/tx.hpp"

/// Settings that people change while the program runs, the studio's own and those of each person:
///
///     struct Lending { bool open = true; int days = 14; };
///     const StoredSettings& settings_of(tag<Lending>);
///
///     const StoredSettings& settings_of(tag<Lending>) {
///         static const StoredSettings lending = settings<Lending>(
///             "library.lending", {.doc = "Whether books are lent, and for how long.",
///                                 .fields = {field<&Lending::open>("open"), field<&Lending::days>("days")},
///                                 .change = "library.manage"});
///         return lending;
///     }
///
/// The app names them, `.settings = {&settings_of(tag<Lending>{})}`, and its functions read them:
/// `tx.setting<Lending>().days`, or `tx.setting<Reading>(person)` where each person has their own. That is
/// one read by an index; nothing is remembered, so a change holds from the next transaction on, in every
/// process. Only members that somebody set are kept, as JSON. The others have the defaults of the struct,
/// also those that come to it later; kept members that are gone from the struct are passed over, and dropped
/// by the next change.
namespace tamiti {

/// One struct of settings as the program knows it; made by settings<T>().
struct StoredSettings {
    std::string name;       ///< "library.lending"
    std::string doc;        ///< a sentence
    bool personal = false;  ///< each person has their own; otherwise the studio has them
    std::string read;       ///< permission; empty where everybody who signed in may
    std::string change;     ///< permission; empty where every person changes their own
    NestedType type;        ///< its members
    std::function<std::shared_ptr<void>()> make;        ///< the struct's defaults
    std::function<void(const Settings&, void*)> begin;  ///< what the deployment says instead
    std::function<void(const void*)> check;             ///< throws Invalid for members that don't go together
};

template <class T>
struct SettingsRules {
    std::string doc;                 ///< what they decide, as a sentence
    std::vector<FieldGroup> fields;  ///< every member of T
    bool personal = false;           ///< each person has their own
    const char* read = nullptr;      ///< permission that reading needs
    const char* change = nullptr;    ///< permission that changing needs; what isn't personal says one
    /// Defaults that the deployment decides.
    void (*begin)(const Settings& deployment, T& values) = nullptr;
    /// Throws Invalid for values that none of the fields refuses.
    void (*check)(const T& values) = nullptr;
};

namespace settings_parts {

/// Throws std::logic_error where it doesn't say who changes it, or a field is required.
StoredSettings checked(StoredSettings made);

}  // namespace settings_parts

/// Describes T, whose members all have defaults. Throws std::logic_error for a member without a field and for
/// rules that only columns or inputs can have.
template <class T>
StoredSettings settings(std::string name, SettingsRules<T> rules) {
    StoredSettings made{.name = std::move(name),
                        .doc = std::move(rules.doc),
                        .personal = rules.personal,
                        .read = rules.read ? rules.read : "",
                        .change = rules.change ? rules.change : "",
                        .type = NestedType(answer<T>(std::move(rules.fields)), false),
                        .make = [] { return std::static_pointer_cast<void>(std::make_shared<T>()); },
                        .begin = {},
                        .check = {}};
    if (rules.begin)
        made.begin = [begin = rules.begin](const Settings& deployment, void* values) {
            begin(deployment, *static_cast<T*>(values));
        };
    if (rules.check)
        made.check = [check = rules.check](const void* values) { check(*static_cast<const T*>(values)); };
    return settings_parts::checked(std::move(made));
}

/// The values that hold, as an object of the struct.
struct SettingsValues {
    std::shared_ptr<void> values{};
    std::int64_t version = 1;  ///< also where nobody set anything yet
};

/// What holds for the studio, or for that person.
SettingsValues settings_values(ReadTx& tx, const StoredSettings& of, const std::optional<Uuid>& person);

/// The same for several, by one query: those of the studio, and of that person.
std::vector<SettingsValues> settings_values(ReadTx& tx, const std::vector<const StoredSettings*>& of,
                                            const Uuid& person);

/// Takes over the members of a JSON object and answers what holds then. Unknown members are a Malformed,
/// values that won't do an Invalid; where `if_match` doesn't admit the version it is a 412 with the values
/// that hold.
SettingsValues change_settings(Tx& tx, const StoredSettings& of, const Actor& who,
                               const std::optional<Uuid>& person, const boost::json::value& given,
                               const http::IfMatch& if_match);

/// Writes a JSON object whose members are names of settings, with what the person set in each.
void write_settings_of(ReadTx& tx, const Uuid& person, json::Writer& writer);

/// Forgets what the person set, in the audit trail too.
void erase_settings_of(Tx& tx, const Uuid& person);

template <class T>
T ReadTx::setting() {
    return std::move(*std::static_pointer_cast<T>(settings_values(*this, settings_of(tag<T>{}), {}).values));
}

template <class T>
T ReadTx::setting(const Uuid& person) {
    return std::move(
        *std::static_pointer_cast<T>(settings_values(*this, settings_of(tag<T>{}), person).values));
}

}  // namespace tamiti
