#include "core/audit/answers.hpp"

#include <boost/json.hpp>

#include "core/model/fields/written.hpp"
#include "core/model/member.hpp"

namespace tamiti::audit {
namespace {

using boost::json::array;
using boost::json::object;

object text(const char* description) {
    return {{"type", "string"}, {"description", description}};
}

object text_or_null(const char* description) {
    return {{"type", array{"string", "null"}}, {"description", description}};
}

/// An id, or the embedded form of its row where `expand` asks for that.
object id_or_row(const char* description) {
    object row{{"type", "object"},
               {"properties", object{{"id", object{{"type", "string"}, {"format", "uuid"}}}}},
               {"required", array{"id"}},
               {"additionalProperties", true}};
    return {{"oneOf",
             array{object{{"type", "string"}, {"format", "uuid"}}, std::move(row), object{{"type", "null"}}}},
            {"description", description}};
}

object changes() {
    object pair{{"type", "array"},
                {"minItems", 2},
                {"maxItems", 2},
                {"items", object{}},
                {"description", "The value before and the value after."}};
    return {
        {"type", "object"},
        {"description",
         "Each field that changed, with its value before and after. Values of secrets are `[hidden]`, those "
         "that a person had erased `[erased]`."},
        {"additionalProperties", std::move(pair)}};
}

void add_change(object& properties, const char* verbs) {
    properties["at"] = object{{"type", "string"}, {"format", "date-time"}};
    properties["verb"] = text(verbs);
    properties["actor"] =
        id_or_row("The user who did it, with `expand=actor` their brief form; null for the program itself.");
    properties["changes"] = changes();
}

void add_origin(object& properties, const char* seen_by) {
    const std::string who = seen_by;
    properties["address"] = text_or_null(("The client's address." + who).c_str());
    properties["request"] = text_or_null(("The id of the request." + who).c_str());
    properties["via"] = text_or_null(
        ("What made the change where no signed-in session did: a token, job or command." + who).c_str());
}

object list_of(object properties, array required) {
    object entry{{"type", "object"},
                 {"properties", std::move(properties)},
                 {"required", std::move(required)},
                 {"additionalProperties", false}};
    return {{"type", "array"}, {"items", std::move(entry)}};
}

object history_schema() {
    object properties;
    add_change(properties, "insert, update or delete; a row that goes to the trash is an update.");
    add_origin(properties, " Only for holders of `audit.view`.");
    return list_of(std::move(properties), {"at", "verb", "actor", "changes"});
}

object log_schema() {
    object properties{{"id", object{{"type", "integer"}}}};
    properties["model"] = text("`projects.project`");
    properties["row"] = id_or_row(
        "The row, with `expand=row` its brief form where you see it; null where the trail itself was read.");
    add_change(properties, "insert, update, delete, or read where the trail itself was read.");
    add_origin(properties, "");
    return list_of(std::move(properties),
                   {"id", "at", "model", "row", "verb", "actor", "address", "request", "via", "changes"});
}

}  // namespace

const FieldType& entries_type(Detail detail) {
    static const WrittenType history(history_schema);
    static const WrittenType log(log_schema);
    return detail == Detail::log ? log : history;
}

Shape page_shape(std::string name, const FieldType& results) {
    Shape shape{.name = std::move(name)};
    shape.fields = {written_field("count", integer_type(), true, "Null where nobody counted."),
                    written_field("next", text_type(), true, "Where earlier entries are."),
                    written_field("previous", text_type(), true, "Where later entries are."),
                    written_field("results", results)};
    return shape;
}

}  // namespace tamiti::audit
