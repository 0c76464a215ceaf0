#include <boost/json.hpp>

#include "core/api/bulk.hpp"
#include "core/model/trash.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {

/// The body of a bulk: its operations are told apart by `op`.
object bulk_schema(Parts& parts, const Resource& resource) {
    const object id{{"type", "string"}, {"format", "uuid"}};
    const object tag{{"type", "string"}, {"description", "The ETag of the row as you know it."}};
    array kinds;
    const auto add = [&](const char* op, object properties, array required) {
        properties["op"] = object{{"type", "string"}, {"enum", array{op}}};
        required.insert(required.begin(), "op");
        kinds.emplace_back(object{{"type", "object"},
                                  {"properties", std::move(properties)},
                                  {"required", std::move(required)},
                                  {"additionalProperties", false}});
    };
    const Model& model = *resource.model;
    if (resource.access.create) add("create", {{"data", input_schema(parts, model, Verb::create)}}, {"data"});
    if (resource.access.change) {
        add("change", {{"id", id}, {"data", input_schema(parts, model, Verb::change)}, {"if_match", tag}},
            {"id", "data"});
        add("replace", {{"id", id}, {"data", input_schema(parts, model, Verb::replace)}, {"if_match", tag}},
            {"id", "data"});
    }
    if (resource.access.remove) add("remove", {{"id", id}, {"if_match", tag}}, {"id"});
    if (has_trash(resource)) add("restore", {{"id", id}}, {"id"});
    array filtered;  // what can be done to rows that a filter finds
    if (resource.access.change) filtered = {"change", "replace"};
    if (resource.access.remove) filtered.emplace_back("remove");
    if (has_trash(resource)) filtered.emplace_back("restore");
    value items = kinds.size() == 1 ? kinds.front() : value(object{{"oneOf", kinds}});
    object operations{{"type", "array"},
                      {"minItems", 1},
                      {"maxItems", api::most_bulk_operations},
                      {"items", std::move(items)}};
    object atomic{
        {"type", "boolean"}, {"default", true}, {"description", "All or none; else each for itself."}};
    object dry_run{
        {"type", "boolean"}, {"default", false}, {"description", "Answer what would be, and keep nothing."}};
    object by_operations{
        {"type", "object"},
        {"properties",
         object{{"operations", std::move(operations)}, {"atomic", atomic}, {"dry_run", dry_run}}},
        {"required", array{"operations"}},
        {"additionalProperties", false}};
    if (filtered.empty()) return by_operations;
    object filter{
        {"type", "string"},
        {"minLength", 1},
        {"description",
         "Which rows, as the list's address says it: `status=active&or=(owner.eq.me,due_on.lt.today)`. "
         "It finds at most 500."}};
    object by_filter{{"type", "object"},
                     {"properties", object{{"filter", std::move(filter)},
                                           {"op", object{{"type", "string"}, {"enum", std::move(filtered)}}},
                                           {"data", input_schema(parts, model, Verb::change)},
                                           {"atomic", std::move(atomic)},
                                           {"dry_run", std::move(dry_run)}}},
                     {"required", array{"filter", "op"}},
                     {"additionalProperties", false}};
    return {{"oneOf", array{std::move(by_operations), std::move(by_filter)}}};
}

/// What became of each operation of a bulk.
object bulk_answer(Parts& parts, const Model& model) {
    const auto whole = [](const char* text) {
        return object{{"type", "integer"}, {"minimum", 0}, {"description", text}};
    };
    object result{{"type", "object"},
                  {"properties",
                   object{{"status", whole("The status that the operation's own request would have had.")},
                          {"id", object{{"type", array{"string", "null"}}, {"format", "uuid"}}},
                          {"etag", object{{"type", "string"}}},
                          {"body", row_schema(parts, model)},
                          {"problem", reference("schemas", "Problem")}}},
                  {"required", array{"status", "id"}}};
    return {{"type", "object"},
            {"properties", object{{"dry_run", object{{"type", "boolean"}}},
                                  {"succeeded", whole("Operations that were done, or would be.")},
                                  {"failed", whole("Operations that were refused.")},
                                  {"results", object{{"type", "array"}, {"items", std::move(result)}}}}},
            {"required", array{"dry_run", "succeeded", "failed", "results"}}};
}

}  // namespace tamiti::openapi_parts
