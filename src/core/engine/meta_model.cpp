#include "core/engine/meta_model.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/model/captions.hpp"
#include "core/model/label.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"
#include "core/model/summary.hpp"

namespace tamiti::meta {
namespace {

void write_text(json::Writer& writer, std::string_view key, std::string_view text) {
    writer.key(key);
    writer.string(text);
}

void write_true(json::Writer& writer, std::string_view key, bool is_so) {
    if (!is_so) return;
    writer.key(key);
    writer.boolean(true);
}

/// When a field can be set, where not at any time.
std::string_view write_of(const Field& field, const Actor& who) {
    if (field.rules.read_only || (field.rules.write && !who.can(field.rules.write))) return "never";
    return field.rules.create_only ? "create" : "";
}

/// The most characters of a text, also where its type says how many and not its rules.
void write_longest(json::Writer& writer, const Field& field) {
    if (field.target || !field.choices.empty()) return;
    const boost::json::object schema = field.type->schema(field);
    const auto* longest = schema.if_contains("maxLength");
    if (!longest) return;
    writer.key("max_length");
    writer.raw(boost::json::serialize(*longest));
}

void write_limits(json::Writer& writer, const Field& field) {
    write_true(writer, "required", field.rules.required);
    write_true(writer, "nullable", field.nullable);
    write_longest(writer, field);
    if (field.rules.minimum) write_text(writer, "minimum", field.rules.minimum);
    if (field.rules.maximum) write_text(writer, "maximum", field.rules.maximum);
    if (field.type == &decimal_type()) {
        writer.key("digits");
        writer.integer(field.rules.digits);
    }
}

std::string_view name_of(Tone tone) {
    constexpr std::string_view names[] = {"quiet", "info", "good", "warn", "bad", "accent"};
    return names[static_cast<std::size_t>(tone)];
}

void write_choices(json::Writer& writer, const Model& model, const Field& field, const Actor& who) {
    if (field.choices.empty()) return;
    writer.key("choices");
    writer.begin_array();
    for (const std::string& choice : field.choices) {
        writer.begin_object();
        write_text(writer, "value", choice);
        write_text(writer, "label", words_in(who.language, choice_caption(model, field, choice)));
        const auto tone = std::ranges::find(field.rules.tones, choice, &ChoiceTone::choice);
        if (tone != field.rules.tones.end()) write_text(writer, "tone", name_of(tone->tone));
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

/// The ways in which lists are filtered by the field.
void write_matches(json::Writer& writer, const Field& field) {
    if (field.rules.filter == Match::none) return;
    writer.key("filter");
    writer.begin_array();
    constexpr std::pair<Match, std::string_view> ways[] = {
        {Match::equal, "equal"}, {Match::any, "any"}, {Match::range, "range"}, {Match::contains, "contains"}};
    for (const auto& [way, name] : ways)
        if (has(field.rules.filter, way)) writer.string(name);
    writer.end_array();
}

void write_default(json::Writer& writer, const Field& field) {
    if (field.default_null || field.default_stored.empty() || field.rules.read_only) return;
    std::string value;
    field.type->write_json(field, field.default_stored, value);
    writer.key("default");
    writer.raw(value);
}

/// A field of the model, or of what a verb on its rows takes.
void write_field(json::Writer& writer, const Model& model, const Field& field, const Caption& caption,
                 const Actor& who) {
    writer.begin_object();
    write_text(writer, "name", field.name);
    write_text(writer, "label", words_in(who.language, caption));
    write_text(writer, "type", field.type->name());
    write_limits(writer, field);
    write_choices(writer, model, field, who);
    write_steps(writer, field);
    if (field.target) write_text(writer, "to", field.target().name);
    if (!field.record.empty()) write_text(writer, "record", field.record);
    if (const auto write = write_of(field, who); !write.empty()) write_text(writer, "write", write);
    write_true(writer, "sort", field.rules.sort);
    write_matches(writer, field);
    if (*field.rules.help) write_text(writer, "help", field.rules.help);
    write_default(writer, field);
    writer.end_object();
}

/// Those of the names whose fields the actor can read.
void write_shown(json::Writer& writer, std::string_view key, const Model& model,
                 const std::vector<std::string>& names, const Actor& who) {
    writer.key(key);
    writer.begin_array();
    for (const std::string& name : names)
        if (readable(model.field(name), who)) writer.string(name);
    writer.end_array();
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
        if (readable(field, who)) write_field(writer, model, field, caption_of(model, field), who);
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

void write_input(json::Writer& writer, const Model& model, std::string_view verb, const Route& route,
                 const Actor& who) {
    if (!route.input) return;
    writer.key("input");
    writer.begin_array();
    for (const Field& field : route.input->members())
        write_field(writer, model, field, input_caption(model, verb, field), who);
    writer.end_array();
}

void write_offer(json::Writer& writer, const Model& model, std::string_view verb, const Route& route,
                 const Actor& who) {
    const Offer& offer = route.options.offer;
    const bool asks_nothing =
        !route.input ||
        std::ranges::none_of(route.input->members(), [](const Field& field) { return field.rules.required; });
    write_true(writer, "bulk", asks_nothing && !offer.one_by_one);
    if (!offer.confirm.empty())
        write_text(writer, "confirm", words_in(who.language, question_caption(model, verb, offer.confirm)));
    if (offer.when.empty()) return;
    writer.key("when");
    writer.begin_object();
    for (const auto& [filter, value] : offer.when) write_text(writer, filter, value);
    writer.end_object();
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
        write_text(writer, "label", words_in(who.language, verb_caption(*resource.model, name)));
        write_text(writer, "help", route->summary);
        write_text(writer, "method", http::name_of(route->method));
        write_text(writer, "path", route->path);
        write_input(writer, *resource.model, name, *route, who);
        write_offer(writer, *resource.model, name, *route, who);
        writer.end_object();
    }
    writer.end_array();
}

/// What columns a spreadsheet of rows may have, where the actor may send one.
void write_import(json::Writer& writer, const Registry& registry, const Resource& resource,
                  const Actor& who) {
    const Route* route = import_route(registry, resource, who);
    if (!route || !route->options.sheet.model) return;
    const auto& [model, fields, most_rows, batch] = route->options.sheet;
    writer.key("import");
    writer.begin_object();
    writer.key("most_rows");
    writer.integer(most_rows);
    if (batch) write_text(writer, "batch", batch->name);
    writer.key("fields");
    writer.begin_array();
    for (const std::string& name : fields) {
        const Field& field = model->field(name);
        write_field(writer, *model, field, caption_of(*model, field), who);
    }
    writer.end_array();
    writer.end_object();
}

void write_sections(json::Writer& writer, const Model& model, const Actor& who) {
    writer.key("sections");
    writer.begin_array();
    for (const Section& section : model.console.sections) {
        writer.begin_object();
        write_text(writer, "name", section.name);
        write_text(writer, "label", words_in(who.language, section_caption(model, section)));
        write_shown(writer, "fields", model, section.fields, who);
        writer.end_object();
    }
    writer.end_array();
}

/// The choice whose values are columns of a board: the one that is named, or the first that moves along
/// steps.
const Field* board_of(const Model& model) {
    if (!model.console.board.empty()) return &model.field(model.console.board);
    const auto found =
        std::ranges::find_if(model.fields, [](const Field& field) { return !field.rules.steps.empty(); });
    return found == model.fields.end() ? nullptr : &*found;
}

/// How rows are shown together and one by one.
void write_views(json::Writer& writer, const Model& model, const Actor& who) {
    write_shown(writer, "list", model, model.console.list, who);
    write_shown(writer, "first_filters", model, model.console.filters, who);
    write_sections(writer, model, who);
    if (const Field* board = board_of(model); board && readable(*board, who))
        write_text(writer, "board", board->name);
    if (const std::string& by = model.console.calendar; !by.empty() && readable(model.field(by), who))
        write_text(writer, "calendar", by);
}

}  // namespace

bool is_open(const Route& route, const Actor& who) {
    if (route.access.kind == RouteAccess::Kind::permission) return who.can(route.access.permission);
    return route.access.kind != RouteAccess::Kind::row || !route.access.rows(who).is_none();
}

const Route* import_route(const Registry& registry, const Resource& resource, const Actor& who) {
    const std::string path = resource.path + "/import";
    for (const Operation& operation : registry.operations())
        if (operation.route && operation.path == path && is_open(*operation.route, who))
            return operation.route;
    return nullptr;
}

std::string title_field(const Model& model) {
    if (!model.console.title.empty()) return model.console.title;
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
    write_text(writer, "label", words_in(who.language, caption_of(model)));
    write_text(writer, "plural", words_in(who.language, plural_caption(resource)));
    write_text(writer, "doc", model.doc);
    write_text(writer, "title", title_field(model));
    write_text(writer, "order", model.order);
    write_text(writer, "row_label", label_text(model));
    writer.key("label_search");
    writer.begin_array();
    for (const int position : model.label_search)
        writer.string(model.fields[static_cast<std::size_t>(position)].name);
    writer.end_array();
    writer.key("carries");
    writer.boolean(model.carries);
    write_views(writer, model, who);
    write_fields(writer, model, who);
    write_unless_asked(writer, model);
    write_names(writer, "groups", group_names(model, &who));
    write_names(writer, "sums", sum_names(model, &who));
    write_related(writer, registry.catalogue(), model, who);
    write_actions(writer, registry, resource, who);
    write_import(writer, registry, resource, who);
    writer.end_object();
    return out;
}

}  // namespace tamiti::meta
