#include "core/model/nested.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <stdexcept>

#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/fields/json_forms.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_elements = 200;

bool has_rules_of_columns(const Rules& rules) {
    return rules.sort || rules.filter != Match::none || rules.search || rules.read || rules.write ||
           rules.read_only || rules.create_only || rules.unique || rules.personal;
}

/// The field as it reads what was stored: by its form, whatever limits it has by now.
Field without_limits(const Field& field) {
    Field free = field;
    free.rules = {.max_length = std::numeric_limits<int>::max(), .digits = field.rules.digits};
    return free;
}

[[noreturn]] void refuse_stored(const std::string& name, const std::string& why) {
    throw std::out_of_range("stored JSON is not of " + name + ": " + why);
}

}  // namespace

NestedType::NestedType(Shape shape, bool is_list)
    : shape_(std::move(shape)), is_list_(is_list), name_((is_list ? "list of " : "") + shape_.name) {
    for (const Field& field : shape_.fields)
        if (has_rules_of_columns(field.rules))
            throw std::logic_error(shape_.name + ": " + field.name +
                                   " has a rule that only a column of its own can have");
}

bool NestedType::needs_members() const {
    return std::ranges::any_of(shape_.fields, [](const Field& field) { return field.rules.required; });
}

std::size_t NestedType::limit(const Field& field) {
    return field.rules.max_length > 0 ? static_cast<std::size_t>(field.rules.max_length) : most_elements;
}

std::optional<std::string> NestedType::accept(const Field& field, const boost::json::value& json,
                                              const std::string& path, Faults& faults) const {
    std::string stored;
    if (!is_list_) {
        if (!accept_object(json, path, faults, stored)) return std::nullopt;
        return stored;
    }
    const auto* list = json.if_array();
    if (!list)
        return refuse(faults, path, "Must be a list of objects, not " + std::string(kind_of(json)) + ".");
    if (list->size() > limit(field))
        return refuse(faults, path,
                      "Must have at most " + std::to_string(limit(field)) + " elements, not " +
                          std::to_string(list->size()) + ".");
    bool fine = true;
    stored += '[';
    for (std::size_t at = 0; at < list->size(); ++at) {
        if (at > 0) stored += ',';
        fine = accept_object((*list)[at], path + "." + std::to_string(at), faults, stored) && fine;
    }
    stored += ']';
    if (!fine) return std::nullopt;
    return stored;
}

std::optional<std::string> NestedType::accept_text(const Field&, std::string_view, const Actor&,
                                                   const std::string& path, Faults& faults) const {
    return refuse(faults, path, "Must be JSON in a body; an address can't carry it.");
}

bool NestedType::accept_object(const boost::json::value& json, const std::string& path, Faults& faults,
                               std::string& out) const {
    const auto* object = json.if_object();
    if (!object) {
        refuse(faults, path, "Must be an object, not " + std::string(kind_of(json)) + ".");
        return false;
    }
    bool fine = true;
    for (const auto& member : *object) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::ranges::find(shape_.fields, name, &Field::name) != shape_.fields.end()) continue;
        std::vector<std::string> names;
        for (const Field& field : shape_.fields) names.push_back(field.name);
        faults.add(path + "." + std::string(name),
                   "There is no such field. These exist: " + listed(names) + ".");
        fine = false;
    }
    out += '{';
    for (const Field& field : shape_.fields) {
        if (&field != &shape_.fields.front()) out += ',';
        out += field.json_key;
        fine = accept_member(field, object->if_contains(field.name), path + "." + field.name, faults, out) &&
               fine;
    }
    out += '}';
    return fine;
}

bool NestedType::accept_member(const Field& field, const boost::json::value* json, const std::string& path,
                               Faults& faults, std::string& out) const {
    const auto fault = [&](const char* sentence) {
        faults.add(path, sentence);
        return false;
    };
    if (!json && field.rules.required) return fault("This field is required.");
    if (json && json->is_null() && !field.nullable) return fault("This field can't be null.");
    if ((json && json->is_null()) || (!json && field.default_null)) {
        out += "null";
        return true;
    }
    const auto stored = json ? field.type->accept(field, *json, path, faults) : field.default_stored;
    if (!stored) return false;
    if (json && field.rules.required && field.type->is_empty(*stored))
        return fault("This field can't be empty.");
    field.type->write_json(field, *stored, out);
    return true;
}

void NestedType::load(std::string_view stored, const std::function<void*()>& next) const {
    const boost::json::value json = json::parse(stored);
    if (!is_list_) return load_object(json, next());
    if (!json.is_array()) refuse_stored(name_, "it is " + std::string(kind_of(json)));
    for (const auto& element : json.get_array()) load_object(element, next());
}

void NestedType::load_object(const boost::json::value& json, void* row) const {
    const auto* object = json.if_object();
    if (!object) refuse_stored(name_, "it is " + std::string(kind_of(json)));
    for (const Field& field : shape_.fields) {
        const boost::json::value* member = object->if_contains(field.name);
        if (!member || (member->is_null() && !field.nullable)) continue;  // older than the field
        if (member->is_null()) {
            field.load(row, std::nullopt);
            continue;
        }
        std::vector<FieldError> errors;
        Faults faults(errors);
        const Field free = without_limits(field);
        const auto value = free.type->accept(free, *member, field.name, faults);
        if (!value) refuse_stored(name_, errors.front().field + " " + errors.front().message);
        field.load(row, *value);
    }
}

void NestedType::store(const void* row, std::string& out) const {
    out += '{';
    for (const Field& field : shape_.fields) {
        if (&field != &shape_.fields.front()) out += ',';
        out += field.json_key;
        if (const auto stored = field.store(row))
            field.type->write_json(field, *stored, out);
        else
            out += "null";
    }
    out += '}';
}

boost::json::object NestedType::schema(const Field& field) const {
    if (!is_list_) return {{"type", "object"}};
    boost::json::object schema{{"type", "array"}};
    if (field.rules.required) schema["minItems"] = 1;
    schema["maxItems"] = limit(field);
    return schema;
}

std::string NestedType::example(const Field& field) const {
    if (field.rules.example) return json_example(field, "");
    std::string out = is_list_ ? "[{" : "{";
    for (const Field& member : shape_.fields) {
        if (&member != &shape_.fields.front()) out += ',';
        const std::string example = member.type->example(member);
        out += member.json_key + (example.empty() ? "null" : example);
    }
    return out += is_list_ ? "}]" : "}";
}

}  // namespace tamiti
