#include "core/engine/meta.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <deque>

#include "core/api/operations.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/engine/meta_model.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/brand.hpp"
#include "core/model/captions.hpp"
#include "core/model/fields/written.hpp"
#include "core/model/output.hpp"
#include "core/model/token_grants.hpp"
#include "core/model/verb_names.hpp"
#include "core/program/registry.hpp"

namespace tamiti::meta {
namespace {

using boost::json::array;
using boost::json::object;

constexpr Verb verbs_told[] = {Verb::list,   Verb::summary, Verb::create,  Verb::read, Verb::change,
                               Verb::remove, Verb::restore, Verb::history, Verb::uses, Verb::bulk};

/// Whether any row at all may be open to the actor by that verb; which ones the scopes decide row by row.
bool may(const Resource& resource, Verb verb, const Actor& who) {
    const auto opens = [&](Scope (*scope)(const Actor&)) {
        return scope && token_allows(who, resource, "write") && (who.is_system || !scope(who).is_none());
    };
    switch (verb) {
        case Verb::create:
            return opens(resource.access.create);
        case Verb::change:
            return opens(resource.access.change);
        case Verb::remove:
        case Verb::restore:
            return opens(resource.access.remove);
        case Verb::bulk:
            return opens(resource.access.create) || opens(resource.access.change) ||
                   opens(resource.access.remove);
        default:
            return !resource.visible_to(who).is_none();
    }
}

std::vector<std::string_view> allowed(const Registry& registry, const Resource& resource, const Actor& who) {
    std::vector<std::string_view> verbs;
    for (const Verb verb : verbs_told) {
        const bool is_offered = std::ranges::any_of(registry.operations(), [&](const Operation& operation) {
            return operation.resource == &resource && operation.verb == verb;
        });
        if (!is_offered || !may(resource, verb, who)) continue;
        verbs.push_back(verb == Verb::remove ? "delete" : name_of(verb));  // as the request is called
        if (verb == Verb::list) verbs.push_back("export");                 // the same request
    }
    if (import_route(registry, resource, who)) verbs.push_back("import");
    return verbs;
}

void write_texts(json::Writer& writer, std::string_view key, const std::vector<std::string_view>& texts) {
    writer.key(key);
    writer.begin_array();
    for (const std::string_view text : texts) writer.string(text);
    writer.end_array();
}

void write_brand(json::Writer& writer, const Site& site, const Brand& brand) {
    writer.key("brand");
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"name", brand.name},
                                      {"colour", brand.colour},
                                      {"logo", brand.logo.text},
                                      {"currency", site.currency},
                                      {"time_zone", site.time_zone}}) {
        writer.key(name);
        writer.string(value);
    }
    writer.end_object();
}

/// How large the files may be that requests take.
void write_limits(json::Writer& writer, const Registry& registry) {
    writer.key("limits");
    writer.begin_object();
    for (const Operation& operation : registry.operations()) {
        if (!operation.route || operation.route->options.takes_file == 0) continue;
        writer.key(operation.route->path);
        writer.integer(static_cast<std::int64_t>(operation.route->options.takes_file));
    }
    writer.end_object();
}

void write_entry(json::Writer& writer, const Resource& resource, const std::vector<std::string_view>& verbs,
                 const Actor& who) {
    const Model& model = *resource.model;
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, std::string>{"name", model.name},
                                      {"path", resource.path},
                                      {"label", words_in(who.language, caption_of(model))},
                                      {"plural", words_in(who.language, plural_caption(resource))},
                                      {"icon", model.console.icon},
                                      {"group", model.console.group},
                                      {"app", resource.app},
                                      {"title", title_field(model)}}) {
        if (value.empty()) continue;
        writer.key(name);
        writer.string(value);
    }
    write_texts(writer, "allow", verbs);
    writer.key("search");
    writer.boolean(model.searchable);
    writer.key("trash");
    writer.boolean(model.deleted_at >= 0 && resource.access.remove);
    writer.key("placed");
    writer.boolean(model.console.placed);
    writer.end_object();
}

/// The parts of the menu in the order of the models, with what they are called.
void write_groups(json::Writer& writer, const std::vector<const Model*>& models, const Actor& who) {
    writer.key("groups");
    writer.begin_array();
    std::vector<std::string_view> written;
    for (const Model* model : models) {
        const std::string& group = model->console.group;
        if (group.empty() || std::ranges::find(written, group) != written.end()) continue;
        written.push_back(group);
        writer.begin_object();
        writer.key("name");
        writer.string(group);
        writer.key("label");
        writer.string(words_in(who.language, group_caption(*model)));
        writer.end_object();
    }
    writer.end_array();
}

std::string index_json(const Site& site, const Brand& brand, const Actor& who) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    write_brand(writer, site, brand);
    writer.key("language");
    writer.string(who.language);
    writer.key("models");
    writer.begin_array();
    std::vector<const Model*> shown;
    for (const Resource* resource : site.catalogue->resources()) {
        const auto verbs = allowed(*site.registry, *resource, who);
        if (verbs.empty()) continue;
        write_entry(writer, *resource, verbs, who);
        shown.push_back(resource->model);
    }
    writer.end_array();
    write_groups(writer, shown, who);
    write_limits(writer, *site.registry);
    writer.end_object();
    return out;
}

object open_object(const char* description) {
    return {{"type", "object"}, {"additionalProperties", true}, {"description", description}};
}
object objects(const char* description) {
    return {{"type", "array"}, {"items", open_object(description)}};
}

void answer(Call& call, std::string body) {
    call.response.set("ETag", http::entity_tag(body));
    call.response.body = std::move(body);
}

/// A member of an answer that is written as JSON here.
Field told(std::string name, object (*schema)()) {
    static std::deque<WrittenType> types;  // for as long as the program
    return written_field(std::move(name), types.emplace_back(schema));
}

object text() {
    return {{"type", "string"}};
}
object texts() {
    return {{"type", "array"}, {"items", text()}};
}

Shape model_shape() {
    Shape shape{.name = "MetaModel"};
    for (const char* name : {"name", "path", "label", "plural", "doc", "title", "order"})
        shape.fields.push_back(told(name, text));
    shape.fields.push_back(told("row_label", [] {
        return object{{"type", "string"},
                      {"description", "What a row is called: fields in braces, `{code} {name}`."}};
    }));
    shape.fields.push_back(told("label_search", [] {
        return object{
            {"type", "array"}, {"items", text()}, {"description", "The texts by which people find a row."}};
    }));
    shape.fields.push_back(told("carries", [] {
        return object{{"type", "boolean"}, {"description", "Whether comments and files may hang on rows."}};
    }));
    for (const char* name : {"list", "first_filters"}) shape.fields.push_back(told(name, texts));
    shape.fields.push_back(told("sections", [] {
        return objects("`name`, `label` and `fields` of each part of a form; other fields stand behind.");
    }));
    for (const char* name : {"board", "calendar"})
        shape.fields.push_back(told(name, [] {
            return object{{"type", "string"}, {"description", "The field that rows are laid out by."}};
        }));
    shape.fields.push_back(told("fields", [] {
        return objects(
            "`name`, `label`, `type` and the rules that the field has; `write` is `never` or `create` "
            "where it can't be changed, `filter` how lists are filtered by it.");
    }));
    shape.fields.push_back(told("filters", texts));
    shape.fields.push_back(
        told("unless_asked", [] { return open_object("Filters of a list that has none on their fields."); }));
    for (const char* name : {"groups", "sums"}) shape.fields.push_back(told(name, texts));
    shape.fields.push_back(
        told("related", [] { return objects("`model` and `field` of what refers to these rows."); }));
    shape.fields.push_back(told("actions", [] {
        return objects(
            "`name`, `label`, `method`, `path` and `input`, the fields of the body; `bulk` where it may be "
            "done to many rows, `confirm` what to ask before, `when` filters that such rows meet.");
    }));
    shape.fields.push_back(told("import", [] {
        return open_object(
            "What a spreadsheet may have, where rows can be sent in one: `fields` that its columns fill, "
            "`most_rows`, and `batch`, the model of what stays of it.");
    }));
    return shape;
}

}  // namespace

Route index_route() {
    Route route{.method = http::Method::get,
                .path = "/meta",
                .summary = "What there is for you: models, and what you may do with them.",
                .access = signed_in()};
    route.output = Shape{.name = "Meta"};
    route.output->fields = {
        told("brand", [] { return open_object("Name, colour, logo, currency and time zone."); }),
        told("language",
             [] {
                 return object{{"type", "string"}, {"description", "Of the labels: ISO 639-1."}};
             }),
        told("models",
             [] {
                 return objects(
                     "`name`, `path`, `label`, `plural`, `icon`, `group`, `app`, `title`, `allow`, `search`, "
                     "`trash`, `placed`.");
             }),
        told("groups", [] { return objects("The parts of the menu in their order: `name`, `label`."); }),
        told("limits", [] {
            return object{{"type", "object"},
                          {"additionalProperties", object{{"type", "integer"}}},
                          {"description", "The most bytes of a file, by the paths that take one."}};
        })};
    route.run = [](Call& call) {
        const Brand brand = look(call.site, [](ReadTx& tx) { return tx.setting<Brand>(); });
        answer(call, index_json(call.site, brand, call.who));
    };
    return route;
}

Route model_route() {
    Route route{.method = http::Method::get,
                .path = "/meta/{model}",
                .summary = "One model: its fields, filters, orderings and actions.",
                .access = signed_in()};
    route.takes_text = true;
    route.options.problems = {"http.not_found"};
    route.output = model_shape();
    route.run = [](Call& call) {
        const Model* model = call.site.catalogue->model_named(call.texts.at(0));
        const Resource* resource = model ? call.site.catalogue->resource_of(*model) : nullptr;
        if (!resource || allowed(*call.site.registry, *resource, call.who).empty())
            throw NotFound("There is no model of this name here, such as projects.project.");
        answer(call, model_json(*call.site.registry, *resource, call.who));
    };
    return route;
}

}  // namespace tamiti::meta
