#include "core/model/shape.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>

#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/output.hpp"

namespace tamiti {
namespace {

const Field* field_named(const Shape& shape, std::string_view name) {
    const auto found = std::find_if(shape.fields.begin(), shape.fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    return found == shape.fields.end() ? nullptr : &*found;
}

/// Collects faults of an input, member by member, and fills the row.
class Decoding {
public:
    Decoding(const Shape& shape, const Actor& who, void* row) : shape_(shape), who_(who), row_(row) {}

    void json_member(std::string_view name, const boost::json::value& value) {
        const Field* field = known(name, "field");
        if (!field) return;
        if (value.is_null()) {
            if (field->nullable)
                field->load(row_, std::nullopt);
            else
                invalid_.push_back({field->name, "This field can't be null."});
            return;
        }
        Faults faults(invalid_, who_.calling_code);
        keep(*field, field->type->accept(*field, value, field->name, faults));
    }

    void text_member(std::string_view name, std::string_view text) {
        const Field* field = known(name, "parameter");
        if (!field) return;
        Faults faults(invalid_, who_.calling_code);
        auto stored = field->type->accept_text(*field, text, who_, field->name, faults);
        if (stored && field->rules.whole_day)
            stored = field->type->end_of_span(text, who_).value_or(std::move(*stored));
        keep(*field, stored);
    }

    void finish(bool from_query) {
        for (const Field& field : shape_.fields)
            if (field.rules.required && std::find(given_.begin(), given_.end(), &field) == given_.end())
                invalid_.push_back({field.name, "This field is required."});
        if (!unknown_.empty())
            throw Malformed("http.unknown_field", from_query ? "Some parameters are not known here."
                                                             : "Some members are not known here.")
                .with(std::move(unknown_));
        if (invalid_.empty()) return;
        if (from_query)
            throw Malformed("http.bad_parameter", "Some parameters can't be used.").with(std::move(invalid_));
        throw Invalid(std::move(invalid_));
    }

private:
    // What a body has are fields, what an address has are parameters.
    const Field* known(std::string_view name, const std::string& what) {
        const Field* field = field_named(shape_, name);
        if (field) {
            given_.push_back(field);
            return field;
        }
        std::vector<std::string> names;
        for (const Field& one : shape_.fields) names.push_back(one.name);
        unknown_.push_back(
            {std::string(name), "There is no such " + what + ". These exist: " + listed(names) + "."});
        return nullptr;
    }

    void keep(const Field& field, const std::optional<std::string>& stored) {
        if (!stored) return;
        if (field.rules.required && field.type->is_empty(*stored))
            invalid_.push_back({field.name, "This field can't be empty."});
        else
            field.load(row_, *stored);
    }

    const Shape& shape_;
    const Actor& who_;
    void* row_;
    std::vector<const Field*> given_{};
    std::vector<FieldError> unknown_{};
    std::vector<FieldError> invalid_{};
};

/// "the first one", "the one after username": how a member is named that has no field to tell its name.
std::string place_of(std::size_t member, const std::vector<std::string>& names) {
    return member == 0 ? "the first one" : "the one after " + names[member - 1];
}

}  // namespace

Shape shape_parts::described(std::string name, std::vector<FieldGroup> groups, const void* row,
                             const std::vector<const void*>& members) {
    Shape shape{.name = std::move(name)};
    for (FieldGroup& group : groups)
        for (Field& field : group.fields) shape.fields.push_back(std::move(field));
    std::vector<std::string> names;  // of the fields that the members have
    std::size_t all = 0;
    for (std::size_t at = 0; at < members.size(); ++at) {
        const auto is_of_member = [&](const Field& field) { return field.address(row) == members[at]; };
        const auto described = std::count_if(shape.fields.begin(), shape.fields.end(), is_of_member);
        if (described == 0)
            throw std::logic_error(shape.name + ": a member has no field, " + place_of(at, names));
        const Field& first = *std::find_if(shape.fields.begin(), shape.fields.end(), is_of_member);
        names.push_back(first.name);
        if (described > (first.record.empty() ? 1 : 2))
            throw std::logic_error(shape.name + ": two fields are of the member " + names[at]);
        all += static_cast<std::size_t>(described);
    }
    if (shape.fields.size() != all) throw std::logic_error(shape.name + ": a field is of no member of it");
    for (Field& field : shape.fields) {
        if (field_named(shape, field.name) != &field)
            throw std::logic_error(shape.name + ": two fields are named " + field.name);
        field.json_key = "\"" + field.name + "\":";
    }
    return shape;
}

void require_what_is_nothing(Shape& shape) {
    for (Field& field : shape.fields) {
        const std::string& initial = field.default_stored;
        const bool is_nothing = initial.empty() || initial == Member<Uuid>::store(Uuid{}) ||
                                initial == Member<Timestamp>::store(Timestamp{}) ||
                                initial == Member<Money>::store(Money{});
        if (is_nothing && !field.nullable && field.type != &boolean_type()) field.rules.required = true;
    }
}

void read_shape(const Shape& shape, const boost::json::value& json, const Actor& who, void* row) {
    if (!json.is_object()) throw Malformed("http.malformed_json", "The body must be a JSON object.");
    Decoding decoding(shape, who, row);
    for (const auto& member : json.get_object())
        decoding.json_member({member.key().data(), member.key().size()}, member.value());
    decoding.finish(false);
}

void read_shape(const Shape& shape, const std::vector<std::pair<std::string, std::string>>& query,
                const Actor& who, void* row) {
    Decoding decoding(shape, who, row);
    for (const auto& [name, value] : query) decoding.text_member(name, value);
    decoding.finish(true);
}

void write_shape(const Shape& shape, const Actor& who, const void* row, std::string& out) {
    out += '{';
    bool first = true;
    for (const Field& field : shape.members()) {
        if (shape.model && (field.is_derived() || !readable(field, who))) continue;
        if (!first) out += ',';
        first = false;
        out += field.json_key;
        const auto stored = field.store(row);
        if (stored)
            field.type->write_json(field, *stored, out);
        else
            out += "null";
    }
    out += '}';
}

}  // namespace tamiti
