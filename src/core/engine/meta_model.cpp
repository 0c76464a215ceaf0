#include "core/engine/meta_model.hpp"

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/label.hpp"
#include "core/model/list.hpp"
#include "core/model/output.hpp"
#include "core/model/summary.hpp"

namespace tamiti::meta {
namespace {

void write_text(json::Writer& writer, std::string_view key, std::string_view text) {
    writer.key(key);
    writer.string(text);
}

/// When a field can be set, where not at any time.
std::string_view write_of(const Field& field, const Actor& who) {
    if (field.rules.read_only || (field.rules.write && !who.can(field.rules.write))) return "never";
    return field.rules.create_only ? "create" : "";
}

void write_limits(json::Writer& writer, const Field& field) {
    if (field.rules.required) {
        writer.key("required");
        writer.boolean(true);
    }
    if (field.nullable) {
        writer.key("nullable");
        writer.boolean(true);
    }
    if (field.rules.max_length > 0) {
        writer.key("max_length");
        writer.integer(field.rules.max_length);
    }
    if (field.rules.minimum) write_text(writer, "minimum", field.rules.minimum);
    if (field.rules.maximum) write_text(writer, "maximum", field.rules.maximum);
    if (field.type == &decimal_type()) {
        writer.key("digits");
        writer.integer(field.rules.digits);
    }
}

void write_choices(json::Writer& writer, const Field& field) {
    if (field.choices.empty()) return;
    writer.key("choices");
    writer.begin_array();
    for (const std::string& choice : field.choices) {
        writer.begin_object();
        write_text(writer, "value", choice);
        write_text(writer, "label", label_of(choice));
        writer.end_object();
    }
    writer.end_array();
}

void write_steps(json::Writer& writer, const Field& field) {
    if (field.rules.steps.empty()) return;
    writer.key("steps");
    writer.begin_object();
    for (const Step& step : field.rules.steps) {
        writer.key(step.from);
        writer.begin_array();
        for (const std::string& to : step.to) writer.string(to);
        writer.end_array();
    }
    writer.end_object();
}

void write_field(json::Writer& writer, const Field& field, const Actor& who) {
    writer.begin_object();
    write_text(writer, "name", field.name);
    write_text(writer, "label", label_of(field.name));
    write_text(writer, "type", field.type->name());
    write_limits(writer, field);
    write_choices(writer, field);
    write_steps(writer, field);
    if (field.target) write_text(writer, "to", field.target().name);
    if (!field.record.empty()) write_text(writer, "record", field.record);
    if (const auto write = write_of(field, who); !write.empty()) write_text(writer, "write", write);
    if (field.rules.sort) {
        writer.key("sort");
        writer.boolean(true);
    }
    if (*field.rules.help) write_text(writer, "help", field.rules.help);
    if (!field.default_null && !field.default_stored.empty() && !field.rules.read_only) {
        writer.key("default");
        std::string value;
        field.type->write_json(field, field.default_stored, value);
        writer.raw(value);
    }
    writer.end_object();
}

void write_names(json::Writer& writer, std::string_view key, const std::vector<std::string>& names) {
    writer.key(key);
    writer.begin_array();
    for (const std::string& name : names) writer.string(name);
    writer.end_array();
}

void write_fields(json::Writer& writer, const Model& model, const Actor& who) {
    writer.key("fields");
    writer.begin_array();
    for (const Field& field : model.fields)
        if (readable(field, who)) write_field(writer, field, who);
    writer.end_array();
    write_names(writer, "filters", filter_names(model, &who));
}

void write_unless_asked(json::Writer& writer, const Model& model) {
    if (model.unless_asked.empty()) return;
    writer.key("unless_asked");
    writer.begin_object();
    for (const auto& [filter, value] : model.unless_asked) write_text(writer, filter, value);
    writer.end_object();
}

/// What refers to rows of the model, where the actor may see it.
void write_related(json::Writer& writer, const Catalogue& catalogue, const Model& model, const Actor& who) {
    writer.key("related");
    writer.begin_array();
    for (const Resource* other : catalogue.resources()) {
        if (other->visible_to(who).is_none()) continue;
        for (const Field& field : other->model->fields) {
            if (!field.target || field.type == &id_type() || &field.target() != &model) continue;
            if (!readable(field, who)) continue;
            writer.begin_object();
            write_text(writer, "model", other->model->name);
            write_text(writer, "field", field.name);
            writer.end_object();
        }
    }
    writer.end_array();
}

bool is_open(const Route& route, const Actor& who) {
    if (route.access.kind == RouteAccess::Kind::permission) return who.can(route.access.permission);
    return route.access.kind != RouteAccess::Kind::row || !route.access.rows(who).is_none();
}

/// Verbs on one row: POST below the row's own path.
void write_actions(json::Writer& writer, const Registry& registry, const Resource& resource,
                   const Actor& who) {
    const std::string prefix = resource.path + "/{id}/";
    writer.key("actions");
    writer.begin_array();
    for (const Operation& operation : registry.operations()) {
        const Route* route = operation.route;
        if (!route || route->method != http::Method::post || !route->path.starts_with(prefix)) continue;
        if (!is_open(*route, who)) continue;
        writer.begin_object();
        const std::string name = route->path.substr(prefix.size());
        write_text(writer, "name", name);
        write_text(writer, "label", label_of(name));
        write_text(writer, "help", route->summary);
        write_text(writer, "method", http::name_of(route->method));
        write_text(writer, "path", route->path);
        if (route->input) {
            writer.key("input");
            writer.begin_array();
            for (const Field& field : route->input->members()) write_field(writer, field, who);
            writer.end_array();
        }
        writer.end_object();
    }
    writer.end_array();
}

}  // namespace

std::string title_field(const Model& model) {
    const int position = model.brief.size() > 1 ? model.brief[1] : model.id;
    return model.fields[static_cast<std::size_t>(position)].name;
}

std::string model_json(const Registry& registry, const Resource& resource, const Actor& who) {
    const Model& model = *resource.model;
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    write_text(writer, "name", model.name);
    write_text(writer, "path", resource.path);
    write_text(writer, "doc", model.doc);
    write_text(writer, "order", model.order);
    write_text(writer, "row_label", label_text(model));
    writer.key("label_search");
    writer.begin_array();
    for (const int position : model.label_search)
        writer.string(model.fields[static_cast<std::size_t>(position)].name);
    writer.end_array();
    writer.key("carries");
    writer.boolean(model.carries);
    writer.key("list");
    writer.begin_array();
    for (const std::string& name : model.console.list)
        if (readable(model.field(name), who)) writer.string(name);
    writer.end_array();
    write_fields(writer, model, who);
    write_unless_asked(writer, model);
    write_names(writer, "groups", group_names(model, &who));
    write_names(writer, "sums", sum_names(model, &who));
    write_related(writer, registry.catalogue(), model, who);
    write_actions(writer, registry, resource, who);
    writer.end_object();
    return out;
}

}  // namespace tamiti::meta
