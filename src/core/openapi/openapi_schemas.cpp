#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/model/nested.hpp"
#include "core/model/trash.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {
namespace {

/// The same schema with null allowed.
object nullable(object schema) {
    value* type = schema.if_contains("type");
    if (!type || !type->is_string() || *type == "object") {
        object made;
        if (value* text = schema.if_contains("description")) {
            made["description"] = *text;
            schema.erase("description");
        }
        made["oneOf"] = array{std::move(schema), object{{"type", "null"}}};
        return made;
    }
    *type = array{*type, "null"};
    if (value* choices = schema.if_contains("enum")) choices->as_array().emplace_back(nullptr);
    return schema;
}

bool is_reference(const Field& field) {
    return field.type == &reference_type();
}

bool is_expandable(const Catalogue& catalogue, const Field& field) {
    const bool refers = is_reference(field) || field.type == &reference_list_type();
    return refers && catalogue.resource_of(field.target());
}

/// An object or a list of anything.
object any_document() {
    object any{{"type", "object"}, {"additionalProperties", true}};
    object list{{"type", "array"}, {"items", object{}}};
    return {{"oneOf", array{std::move(any), std::move(list)}}};
}

object verb_schema(Parts& parts, const Shape& shape, bool is_input);

/// A component for what a nested member holds; what is sent has one of its own where it differs from what is
/// answered.
object nested_schema(Parts& parts, const NestedType& type, const Field& field, bool is_input) {
    object made = verb_schema(parts, type.shape(), is_input);
    object one = parts.components.refer_to_struct(parts.app, type.shape().name, is_input, std::move(made));
    if (!type.is_list()) return one;
    object list = type.schema(field);
    list["items"] = std::move(one);
    return list;
}

object value_schema(Parts& parts, const Field& field, bool is_input) {
    if (const auto* nested = dynamic_cast<const NestedType*>(field.type))
        return nested_schema(parts, *nested, field, is_input);
    object schema = field.type->schema(field);
    if (field.type == &json_type()) return any_document();
    if (!is_input) return schema;
    if (field.type == &decimal_type()) schema["type"] = array{"string", "integer"};
    const value* type = schema.if_contains("type");
    if (field.rules.required && type && *type == "string" && !schema.contains("enum") &&
        !schema.contains("format"))
        schema.emplace("minLength", 1);
    if (field.rules.required && type && *type == "array") schema.emplace("minItems", 1);
    return schema;
}

void add_example(const Field& field, object& schema) {
    if (schema.contains("enum") || schema.contains("$ref")) return;
    const std::string example = field.type->example(field);
    if (!example.empty()) schema["examples"] = array{json::parse(example)};
}

/// What a create without the field gets, where that says something.
void add_default(const Field& field, object& schema) {
    const bool says_little = field.default_stored.empty() || is_reference(field) ||
                             field.type == &id_type() || field.type == &timestamp_type() ||
                             field.type == &date_type() || field.type == &money_type();
    if (field.rules.required || field.rules.true_for || field.default_null || says_little) return;
    std::string text;
    field.type->write_json(field, field.default_stored, text);
    schema["default"] = json::parse(text);
}

object output_schema(Parts& parts, const Field& field) {
    object schema = value_schema(parts, field, false);
    // What may be sent is limited; what verbs, defaults and older rows hold may lie beyond.
    for (const char* limit :
         {"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties"})
        schema.erase(limit);
    if (is_expandable(parts.documented.catalogue, field) && field.type->is_set()) {
        object rows{{"type", "array"}, {"items", brief_schema(parts, field.target())}};
        schema = object{{"anyOf", array{std::move(schema), std::move(rows)}}};  // one that is empty is both
    } else if (is_expandable(parts.documented.catalogue, field)) {
        object either;
        either["oneOf"] = array{std::move(schema), brief_schema(parts, field.target())};
        if (field.nullable) either["oneOf"].as_array().emplace_back(object{{"type", "null"}});
        schema = std::move(either);
    } else if (field.nullable) {
        schema = nullable(std::move(schema));
    }
    if (const std::string text = about(field, false); !text.empty()) schema["description"] = text;
    if (field.rules.read_only) schema["readOnly"] = true;
    add_example(field, schema);
    return schema;
}

object sent_schema(Parts& parts, const Field& field, bool with_default) {
    object schema = value_schema(parts, field, true);
    if (field.nullable) schema = nullable(std::move(schema));
    if (const std::string text = about(field, true); !text.empty()) schema["description"] = text;
    if (with_default) add_default(field, schema);
    add_example(field, schema);
    return schema;
}

/// What `can=true` adds to a row.
object rights_schema(Parts& parts, const Model& model) {
    array names;
    const Resource* resource = parts.documented.catalogue.resource_of(model);
    if (resource && resource->access.change) names.emplace_back("change");
    if (resource && resource->access.remove) names.emplace_back("remove");
    if (resource && has_trash(*resource)) names.emplace_back("restore");
    for (const VerbRight& verb : parts.documented.catalogue.verbs_of(model)) names.emplace_back(verb.name);
    object schema{{"type", "array"}, {"items", object{{"type", "string"}}}};
    if (names.empty())
        schema["maxItems"] = 0;
    else
        schema["items"].as_object()["enum"] = std::move(names);
    schema["description"] = "What you may do to the row, where `can` asks for it.";
    schema["readOnly"] = true;
    return schema;
}

object verb_schema(Parts& parts, const Shape& shape, bool is_input) {
    object properties;
    array required;
    for (const Field& field : shape.fields) {
        properties[field.name] = is_input ? sent_schema(parts, field, true) : output_schema(parts, field);
        if (is_input ? field.rules.required : !field.rules.read) required.emplace_back(field.name);
    }
    object schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

}  // namespace

object reference(std::string_view kind, std::string_view name) {
    return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

std::string camel(std::string_view text) {
    std::string made;
    bool upper = true;
    for (const char letter : text) {
        if (letter == '_' || letter == '-') {
            upper = true;
            continue;
        }
        made += upper && letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        upper = false;
    }
    return made;
}

std::string schema_name(const Model& model) {
    return model.schema.empty() ? camel(model.noun) : model.schema;
}

Components::Owner owner_of(const Model& model) {
    return {model.app, "the model " + model.name};
}

std::string about(const Field& field, bool is_input) {
    std::string text = field.rules.help;
    const auto add = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
    if (field.target && field.type != &id_type()) {
        const Model& target = field.target();
        if (field.type->is_set())
            add("Ids of " + target.name + " rows.");
        else
            add("Id of " + with_article(target.name) + " row.");
    }
    if (field.is_derived()) add("Computed when it is read.");
    if (field.rules.read) add("Seen only with the permission `" + std::string(field.rules.read) + "`.");
    if (is_input && field.rules.write)
        add("Set only with the permission `" + std::string(field.rules.write) + "`.");
    if (field.rules.unique) add("Unique, whatever its case.");
    return text;
}

std::vector<std::string> expandable(const Catalogue& catalogue, const Model& model, int depth) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) {
        if (!is_expandable(catalogue, field)) continue;
        names.push_back(field.name);
        if (depth < 2 || field.type->is_set()) continue;
        for (const auto& deeper : expandable(catalogue, field.target(), depth - 1))
            names.push_back(field.name + "." + deeper);
    }
    return names;
}

object row_schema(Parts& parts, const Model& model) {
    return parts.components.refer("schemas", schema_name(model), owner_of(model), [&] {
        object properties;
        for (const Field& field : model.fields) properties[field.name] = output_schema(parts, field);
        properties["can"] = rights_schema(parts, model);
        // No field is required: `fields` may leave out each, and permissions hide some.
        return object{{"type", "object"},
                      {"description", model.doc},
                      {"properties", std::move(properties)},
                      {"additionalProperties", false}};
    });
}

object brief_schema(Parts& parts, const Model& model) {
    return parts.components.refer("schemas", schema_name(model) + "Brief", owner_of(model), [&] {
        object properties;
        for (std::size_t at = 0; at < model.fields.size(); ++at) {
            const Field& field = model.fields[at];
            const bool is_brief =
                std::find(model.brief.begin(), model.brief.end(), static_cast<int>(at)) != model.brief.end();
            // A deeper expansion adds its reference to the brief form.
            if (is_brief || is_expandable(parts.documented.catalogue, field))
                properties[field.name] = output_schema(parts, field);
        }
        return object{{"type", "object"},
                      {"description", "The embedded form of " + with_article(model.name) +
                                          " row. One that you may not see "
                                          "has its id alone."},
                      {"properties", std::move(properties)},
                      {"required", array{"id"}},
                      {"additionalProperties", false}};
    });
}

object page_schema(Parts& parts, const Model& model) {
    object row = row_schema(parts, model);  // first, so that a clash of names is told of the row's
    return parts.components.refer("schemas", schema_name(model) + "Page", owner_of(model), [&] {
        object link{{"type", array{"string", "null"}}, {"format", "uri-reference"}};
        object next = link, previous = link;
        next["description"] = "Where the rows after these are; null after the last.";
        previous["description"] = "Where the rows before these are; null before the first.";
        object rows{{"type", "array"}, {"maxItems", 200}, {"items", std::move(row)}};
        object count{{"type", array{"integer", "null"}},
                     {"minimum", 0},
                     {"description", "How many rows match; null where nobody counted."}};
        object exact{{"type", "boolean"},
                     {"description", "False where there are more rows than were counted."}};
        return object{{"type", "object"},
                      {"properties", object{{"count", std::move(count)},
                                            {"count_exact", std::move(exact)},
                                            {"next", std::move(next)},
                                            {"previous", std::move(previous)},
                                            {"results", std::move(rows)}}},
                      {"required", array{"count", "next", "previous", "results"}},
                      {"additionalProperties", false}};
    });
}

object input_schema(Parts& parts, const Model& model, Verb verb) {
    const char* suffix = verb == Verb::create ? "Create" : verb == Verb::replace ? "Replace" : "Patch";
    return parts.components.refer("schemas", schema_name(model) + suffix, owner_of(model), [&] {
        object properties;
        array required;
        for (const Field& field : model.fields) {
            if (field.rules.read_only || (field.rules.create_only && verb != Verb::create)) continue;
            properties[field.name] = sent_schema(parts, field, verb != Verb::change);
            if (field.rules.required && verb != Verb::change) required.emplace_back(field.name);
        }
        object schema{
            {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
        if (!required.empty()) schema["required"] = std::move(required);
        return schema;
    });
}

object shape_schema(Parts& parts, std::string_view app, const Shape& shape, bool is_input) {
    object schema;
    if (shape.model)
        schema = is_input ? input_schema(parts, *shape.model, Verb::create) : row_schema(parts, *shape.model);
    else
        schema =
            parts.components.refer_to_struct(app, shape.name, is_input, verb_schema(parts, shape, is_input));
    if (shape.is_list) return {{"type", "array"}, {"items", std::move(schema)}};
    return schema;
}

}  // namespace tamiti::openapi_parts
