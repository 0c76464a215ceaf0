#include "core/model/stored_settings.hpp"

#include <algorithm>
#include <boost/describe/class.hpp>
#include <boost/json.hpp>
#include <stdexcept>

namespace tamiti {
namespace {

/// What is kept: the members that somebody set.
struct Kept {
    Uuid id{};
    std::string document{};
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (id, document, version))

struct NamedKept {
    std::string name{};
    bool personal = false;
    std::string document{};
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(NamedKept, (), (name, personal, document, version))

/// The row of the studio, or of a person, to select from or to change.
Sql row_of(const StoredSettings& of, const std::optional<Uuid>& person) {
    if (of.personal != person.has_value())
        throw std::logic_error("the settings " + of.name + " are " +
                               (of.personal ? "a person's, so say whose" : "the studio's, and no person's"));
    if (!person) return {"core_setting WHERE name = {}", of.name};
    return {"core_person_setting WHERE person = {} AND name = {}", *person, of.name};
}

SettingsValues values_of(ReadTx& tx, const StoredSettings& of, const Kept& kept) {
    SettingsValues found{.values = of.make(), .version = kept.version};
    if (of.begin) of.begin(tx.settings(), found.values.get());
    if (!kept.document.empty()) of.type.load(kept.document, [&] { return found.values.get(); });
    return found;
}

Kept kept_for_change(Tx& tx, const StoredSettings& of, const std::optional<Uuid>& person) {
    const Sql row = row_of(of, person);
    if (person)
        tx.send({R"(INSERT INTO core_person_setting (id, person, name, created_at, updated_at)
                    VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING)",
                 Uuid::make(), *person, of.name, tx.now(), tx.now()});
    else
        tx.send({R"(INSERT INTO core_setting (id, name, created_at, updated_at) VALUES ({}, {}, {}, {})
                    ON CONFLICT DO NOTHING)",
                 Uuid::make(), of.name, tx.now(), tx.now()});
    return tx.one<Kept>({"SELECT id, document::text, version FROM {} FOR UPDATE", row});
}

/// The members of the struct that are in either object, with their values of now.
std::string document_of(const StoredSettings& of, const void* values, const boost::json::object& kept,
                        const boost::json::object& given) {
    std::string document = "{";
    for (const Field& field : of.type.shape().fields) {
        if (!kept.contains(field.name) && !given.contains(field.name)) continue;
        if (document.size() > 1) document += ',';
        document += field.json_key;
        if (const auto stored = field.store(values))
            field.type->write_json(field, *stored, document);
        else
            document += "null";
    }
    return document + "}";
}

}  // namespace

StoredSettings settings_parts::checked(StoredSettings made) {
    if (!made.personal && made.change.empty())
        throw std::logic_error("the settings " + made.name + " do not say who may change them");
    for (const Field& field : made.type.shape().fields)
        if (field.rules.required)
            throw std::logic_error("the settings " + made.name + " require " + field.name +
                                   ", but every setting has a default");
    return made;
}

SettingsValues settings_values(ReadTx& tx, const StoredSettings& of, const std::optional<Uuid>& person) {
    const Sql row = row_of(of, person);
    return values_of(tx, of,
                     tx.find_one<Kept>({"SELECT id, document::text, version FROM {}", row}).value_or(Kept{}));
}

std::vector<SettingsValues> settings_values(ReadTx& tx, const std::vector<const StoredSettings*>& of,
                                            const Uuid& person) {
    const auto kept =
        tx.all<NamedKept>({R"(SELECT name, false AS personal, document::text, version FROM core_setting
            UNION ALL SELECT name, true, document::text, version FROM core_person_setting WHERE person = {})",
                           person});
    std::vector<SettingsValues> found;
    for (const StoredSettings* one : of) {
        const auto row = std::ranges::find_if(kept, [&](const NamedKept& each) {
            return each.name == one->name && each.personal == one->personal;
        });
        found.push_back(
            values_of(tx, *one, row == kept.end() ? Kept{} : Kept{{}, row->document, row->version}));
    }
    return found;
}

SettingsValues change_settings(Tx& tx, const StoredSettings& of, const Actor& who,
                               const std::optional<Uuid>& person, const boost::json::value& given,
                               const http::IfMatch& if_match) {
    const Kept kept = kept_for_change(tx, of, person);
    SettingsValues next = values_of(tx, of, kept);
    if (!if_match.admits(kept.version)) {
        std::string current;
        write_shape(of.type.shape(), who, next.values.get(), current);
        throw Problem(412, "http.changed_meanwhile",
                      "The settings were changed since you read them. Look at what they are and try again.")
            .with_current(std::move(current));
    }
    const boost::json::object before = json::parse(kept.document).as_object();
    const std::string same = document_of(of, next.values.get(), before, {});
    read_shape(of.type.shape(), given, who, next.values.get());
    if (of.check) of.check(next.values.get());
    const std::string document = document_of(of, next.values.get(), before, given.as_object());
    if (document == same) return next;
    ++next.version;
    tx.execute({"UPDATE {} SET document = {}::jsonb, version = {}, updated_at = {} WHERE id = {}",
                db::name(of.personal ? "core_person_setting" : "core_setting"), document, next.version,
                tx.now(), kept.id});
    return next;
}

void write_settings_of(ReadTx& tx, const Uuid& person, json::Writer& writer) {
    writer.raw(
        tx.value<std::string>({R"(SELECT coalesce(json_object_agg(name, document ORDER BY name), '{ }')::text
            FROM core_person_setting WHERE person = {})",
                               person}));
}

void erase_settings_of(Tx& tx, const Uuid& person) {
    tx.execute({"DELETE FROM core_person_setting WHERE person = {}", person});
    // Afterwards, since removing them leaves an entry with the values of before.
    tx.execute({R"(SELECT core_audit_forget({}, 'core_person_setting', array_agg(DISTINCT key))
                   FROM core_audit, jsonb_object_keys(changes) AS key
                   WHERE table_name = 'core_person_setting' AND row_id = {} HAVING count(*) > 0)",
                person, person});
}

}  // namespace tamiti
