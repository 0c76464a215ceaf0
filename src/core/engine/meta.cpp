#include "core/engine/meta.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/api/operations.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/engine/meta_model.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/fields/written.hpp"
#include "core/model/output.hpp"
#include "core/model/token_grants.hpp"
#include "core/model/verb_names.hpp"
#include "core/program/registry.hpp"

namespace tamiti::meta {
namespace {

using boost::json::array;
using boost::json::object;

constexpr Verb told[] = {Verb::list,   Verb::summary, Verb::create,  Verb::read, Verb::change,
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
    for (const Verb verb : told) {
        const bool is_offered = std::ranges::any_of(registry.operations(), [&](const Operation& operation) {
            return operation.resource == &resource && operation.verb == verb;
        });
        if (is_offered && may(resource, verb, who))
            verbs.push_back(verb == Verb::remove ? "delete" : name_of(verb));  // as the request is called
    }
    return verbs;
}

void write_texts(json::Writer& writer, std::string_view key, const std::vector<std::string_view>& texts) {
    writer.key(key);
    writer.begin_array();
    for (const std::string_view text : texts) writer.string(text);
    writer.end_array();
}

void write_brand(json::Writer& writer, const Site& site) {
    writer.key("brand");
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"name", site.name},
                                      {"colour", site.colour},
                                      {"logo", site.logo},
                                      {"currency", site.currency},
                                      {"time_zone", site.time_zone}}) {
        writer.key(name);
        writer.string(value);
    }
    writer.end_object();
}

void write_entry(json::Writer& writer, const Resource& resource, const std::vector<std::string_view>& verbs) {
    const Model& model = *resource.model;
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, std::string>{"name", model.name},
                                      {"path", resource.path},
                                      {"label", label_of(model.noun)},
                                      {"plural", label_of(resource.path)},
                                      {"group", model.console.group},
                                      {"app", resource.app},
                                      {"title", title_field(model)}}) {
        writer.key(name);
        writer.string(value);
    }
    write_texts(writer, "allow", verbs);
    writer.key("search");
    writer.boolean(model.searchable);
    writer.key("trash");
    writer.boolean(model.deleted_at >= 0 && resource.access.remove);
    writer.end_object();
}

std::string index_json(const Site& site, const Actor& who) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    write_brand(writer, site);
    writer.key("models");
    writer.begin_array();
    for (const Resource* resource : site.catalogue->resources())
        if (const auto verbs = allowed(*site.registry, *resource, who); !verbs.empty())
            write_entry(writer, *resource, verbs);
    writer.end_array();
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

}  // namespace

Route index_route() {
    static const WrittenType brand([] { return open_object("Name, colour, logo, currency and time zone."); });
    static const WrittenType models([] {
        return objects(
            "`name`, `path`, `label`, `plural`, `group`, `app`, `title`, `allow`, `search`, `trash`.");
    });
    Route route{.method = http::Method::get,
                .path = "/meta",
                .summary = "What there is for you: models, and what you may do with them.",
                .access = signed_in()};
    route.output = Shape{.name = "Meta"};
    route.output->fields = {written_field("brand", brand), written_field("models", models)};
    route.run = [](Call& call) { answer(call, index_json(call.site, call.who)); };
    return route;
}

Route model_route() {
    static const WrittenType fields([] {
        return objects(
            "`name`, `label`, `type` and the rules that the field has; `write` is `never` or `create` "
            "where it can't be changed.");
    });
    static const WrittenType related(
        [] { return objects("`model` and `field` of what refers to these rows."); });
    static const WrittenType actions(
        [] { return objects("`name`, `label`, `method`, `path` and `input`, the fields of the body."); });
    Route route{.method = http::Method::get,
                .path = "/meta/{model}",
                .summary = "One model: its fields, filters, orderings and actions.",
                .access = signed_in()};
    route.takes_text = true;
    route.options.problems = {"http.not_found"};
    route.output = Shape{.name = "MetaModel"};
    static const WrittenType texts([] {
        return object{{"type", "array"}, {"items", object{{"type", "string"}}}};
    });
    static const WrittenType defaults(
        [] { return open_object("Filters of a list that has none on their fields."); });
    static const WrittenType text([] { return object{{"type", "string"}}; });
    static const WrittenType label([] {
        return object{{"type", "string"},
                      {"description", "What a row is called: fields in braces, `{code} {name}`."}};
    });
    static const WrittenType search([] {
        return object{{"type", "array"},
                      {"items", object{{"type", "string"}}},
                      {"description", "The texts by which people find a row."}};
    });
    static const WrittenType carries([] {
        return object{{"type", "boolean"}, {"description", "Whether comments and files may hang on rows."}};
    });
    route.output->fields = {written_field("name", text),
                            written_field("path", text),
                            written_field("doc", text),
                            written_field("order", text),
                            written_field("row_label", label),
                            written_field("label_search", search),
                            written_field("carries", carries),
                            written_field("list", texts),
                            written_field("fields", fields),
                            written_field("filters", texts),
                            written_field("unless_asked", defaults),
                            written_field("groups", texts),
                            written_field("sums", texts),
                            written_field("related", related),
                            written_field("actions", actions)};
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
