#include <algorithm>
#include <boost/json.hpp>

#include "core/api/idempotency.hpp"
#include "core/audit/history.hpp"
#include "core/http/intake.hpp"
#include "core/model/uses.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {
namespace {

object json_body(object schema) {
    return {{"application/json", object{{"schema", std::move(schema)}}}};
}

object header(std::string description, object schema) {
    return {{"description", std::move(description)}, {"schema", std::move(schema)}};
}

object etag() {
    return header("The version of the answer, for If-None-Match and If-Match.", {{"type", "string"}});
}

object answer(std::string description, object schema, object headers = {}) {
    object made{{"description", std::move(description)}};
    if (!headers.empty()) made["headers"] = std::move(headers);
    made["content"] = json_body(std::move(schema));
    return made;
}

object request_body(object schema, bool required = true) {
    return {{"required", required}, {"content", json_body(std::move(schema))}};
}

/// A body that is a file.
object file_body(std::size_t most) {
    object bytes{{"type", "string"}, {"contentMediaType", "application/octet-stream"}};
    return {{"required", true},
            {"description", "The file itself, at most " + http::words_of_bytes(most) +
                                ". Whether it may come is settled by the head of the request: with `Expect: "
                                "100-continue` nothing is sent in vain."},
            {"content", object{{"application/octet-stream", object{{"schema", std::move(bytes)}}}}}};
}

/// "Needs the permission `users.invite` (Invite people): admin, manager."
std::string needed(const Permissions& permissions, const std::string& code) {
    std::string text = "Needs the permission `" + code + "`";
    for (const Permission& permission : permissions.all()) {
        if (permission.code != code) continue;
        std::string roles;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto role) {
            if (permission.roles.has(role.value)) roles += std::string(roles.empty() ? "" : ", ") + role.name;
        });
        text += " (" + permission.label + "), which these roles have: " + roles;
    }
    return text + ".";
}

std::string access_text(const Permissions& permissions, const Operation& operation) {
    if (operation.route) {
        switch (operation.route->access.kind) {
            case RouteAccess::Kind::anyone:
                return "Anyone may call it, without a token.";
            case RouteAccess::Kind::signed_in:
                return "Any signed-in user may call it.";
            case RouteAccess::Kind::permission:
                return needed(permissions, operation.route->access.permission);
            case RouteAccess::Kind::row:
                return "A row that you may not see is not found. Rows may be seen that you may not do this "
                       "to.";
            case RouteAccess::Kind::undeclared:
                return {};
        }
    }
    switch (operation.verb) {
        case Verb::list:
            return "The rows that you may see.";
        case Verb::summary:
            return "Of the rows that the list finds with the same filters.";
        case Verb::read:
            return "A row that you may not see is not found.";
        case Verb::create:
            return "The new row must be one that you may create. With an `id` of yours the request can be "
                   "repeated: the same id "
                   "with the same body answers 200 with the row, with another body 409.";
        case Verb::replace:
            return "Fields that are left out go back to their defaults. The row must be yours to change, "
                   "before and after.";
        case Verb::change:
            return "Fields that are left out stay as they are. The row must be yours to change, before and "
                   "after.";
        case Verb::remove:
            return operation.resource->model->deleted_at >= 0 ? "The row goes to the trash."
                                                              : "The row is gone for good.";
        case Verb::history:
            return "The latest change first, of the fields that you may see. A row that you may not see is "
                   "not found; one in the trash is found by whoever may restore it.";
        case Verb::uses:
            return "What refers to the row, of what you may see: for each field how many rows, counted up to "
                   "101, "
                   "and the first five with what they are called. A row that you may not see is not found.";
        case Verb::restore:
            return "The row comes back with what went to the trash with it. One that is not in the trash "
                   "stays as it is.";
        case Verb::bulk:
            return "Up to 500 operations, each under the rules of its own request, or one that is done to "
                   "each "
                   "row that a filter finds. All are done or none, unless `atomic` is false.";
        case Verb::none:
            break;
    }
    return {};
}

/// Filters that go through a reference, as text: listing each as a parameter would triple the document.
std::string filters_through(const Catalogue& catalogue, const Model& model) {
    std::string text;
    for (const Field& field : model.fields) {
        if (!field.target || field.type->is_set() || !has(field.rules.filter, Match::equal)) continue;
        if (!catalogue.resource_of(field.target())) continue;
        std::string names;
        for (const Field& inner : field.target().fields)
            if (inner.rules.filter != Match::none && !inner.type->is_set())
                names += (names.empty() ? "`" : ", `") + field.name + "__" + inner.name + "`";
        if (!names.empty()) text += "\n\nThrough `" + field.name + "`, with the same endings: " + names + ".";
    }
    return text;
}

/// Codes of what must be unique together, which every write of the model may answer.
SharedCodes codes_of(const Model& model) {
    SharedCodes shared{schema_name(model), owner_of(model), {}};
    for (const Unique& unique : model.unique) shared.codes.push_back(model.app + "." + unique.name);
    return shared;
}

/// A response that many operations share.
object shared_answer(Parts& parts, const std::string& name, const Components::Owner& owner, object made) {
    return parts.components.refer_to("responses", name, owner, std::move(made));
}

/// The row as it is now, as reads and writes answer it.
object row_answer(Parts& parts, const Model& model) {
    return shared_answer(parts, schema_name(model), owner_of(model),
                         answer("The row.", row_schema(parts, model), {{"ETag", etag()}}));
}

object not_modified(Parts& parts) {
    return shared_answer(parts, "NotModified", Components::engine(),
                         {{"description", "Nothing has changed since the ETag that you sent."}});
}

/// The files that an answer may be instead of JSON.
void add_files(object& answer) {
    object& forms = answer["content"].as_object();
    forms["text/csv"] = object{{"schema", object{{"type", "string"}}}};
    forms["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] =
        object{{"schema", object{{"type", "string"}, {"contentMediaType", "application/octet-stream"}}}};
}

SharedCodes export_codes() {
    return {"Export",
            Components::engine(),
            {"http.export_too_large", "http.export_too_slow", "http.exports_busy"}};
}

void describe_list(Parts& parts, const Model& model, object& made) {
    made["parameters"] = list_parameters(parts, model);
    object page = answer("A page of rows, or all as a file.", page_schema(parts, model), {{"ETag", etag()}});
    add_files(page);
    object responses{{"200", std::move(page)}, {"304", not_modified(parts)}};
    add_problems(parts, responses, {400, 401, 404, 422, 503}, export_codes());
    made["responses"] = std::move(responses);
}

/// How many rows there are, in groups, and their sums: the same form for all models.
object summary_schema() {
    const object count{{"type", "integer"}, {"minimum", 0}};
    object sum{{"type", "object"},
               {"additionalProperties", true},
               {"description",
                "Of each field of `sum` what it comes to; of money a list, an amount for each "
                "currency."}};
    object group{{"type", "object"},
                 {"properties", object{{"count", count}, {"sum", std::move(sum)}}},
                 {"required", array{"count"}},
                 {"additionalProperties", true},
                 {"description", "The fields of `group`, with what they have in these rows."}};
    return {{"type", "object"},
            {"properties", object{{"count", count},
                                  {"groups_complete",
                                   object{{"type", "boolean"},
                                          {"description", "False where there are more than 1,000 groups."}}},
                                  {"groups", object{{"type", "array"}, {"items", std::move(group)}}}}},
            {"required", array{"count", "groups_complete", "groups"}},
            {"additionalProperties", false}};
}

void describe_summary(Parts& parts, const Model& model, object& made) {
    made["parameters"] = summary_parameters(parts, model);
    object schema = parts.components.refer("schemas", "Summary", Components::engine(), summary_schema);
    object responses{
        {"200", shared_answer(parts, "Summary", Components::engine(),
                              answer("How many there are.", std::move(schema), {{"ETag", etag()}}))},
        {"304", not_modified(parts)}};
    add_problems(parts, responses, {400, 401, 503});
    made["responses"] = std::move(responses);
}

/// A body of bytes.
object bytes_body(const std::vector<std::string>& types) {
    object content;
    for (const std::string& type : types)
        content[type] = object{{"schema", object{{"type", "string"}, {"format", "binary"}}}};
    return {{"required", true}, {"content", std::move(content)}};
}

void describe_bulk(Parts& parts, const Resource& resource, object& made) {
    made["requestBody"] = request_body(bulk_schema(parts, resource));
    object responses{
        {"200", answer("What became of each, in their order.", bulk_answer(parts, *resource.model))}};
    add_problems(parts, responses, {400, 401, 409, 413, 415, 422, 503},
                 SharedCodes{"Bulk", Components::engine(), {"http.bulk_refused"}});
    made["responses"] = std::move(responses);
}

/// What every unsafe request may carry, and what that may be answered.
void describe_key(Parts& parts, object& made) {
    value& parameters = made["parameters"];
    if (!parameters.is_array()) parameters.emplace_array();
    parameters.get_array().emplace_back(idempotency_key(parts));
    object& responses = made["responses"].as_object();
    std::vector<int> missing;
    for (const int status : {400, 409, 422})
        if (!responses.contains(std::to_string(status))) missing.push_back(status);
    if (!missing.empty()) add_problems(parts, responses, missing);
}

bool has_version(const Route& route) {
    if (!route.output || route.output->is_list) return false;
    const auto& fields = route.output->members();
    return std::any_of(fields.begin(), fields.end(),
                       [](const Field& field) { return field.name == "version"; });
}

void describe_create(Parts& parts, const Model& model, object& made) {
    made["requestBody"] = request_body(input_schema(parts, model, Verb::create));
    object location =
        header("The address of the new row.", {{"type", "string"}, {"format", "uri-reference"}});
    object responses{{"200", answer("The row that the same request has created before.",
                                    row_schema(parts, model), {{"ETag", etag()}})},
                     {"201", answer("The new row.", row_schema(parts, model),
                                    {{"Location", std::move(location)}, {"ETag", etag()}})}};
    add_problems(parts, responses, {400, 401, 403, 409, 413, 415, 422, 503}, codes_of(model));
    made["responses"] = std::move(responses);
}

void describe_read(Parts& parts, const Model& model, object& made) {
    array parameters = read_parameters(parts, model);
    parameters.insert(parameters.begin(), path_parameter(parts, "id"));
    made["parameters"] = std::move(parameters);
    object responses{{"200", row_answer(parts, model)}, {"304", not_modified(parts)}};
    add_problems(parts, responses, {400, 401, 404, 503});
    made["responses"] = std::move(responses);
}

void describe_write(Parts& parts, const Model& model, Verb verb, object& made) {
    made["parameters"] = array{path_parameter(parts, "id"), if_match(parts)};
    made["requestBody"] = request_body(input_schema(parts, model, verb));
    object responses{{"200", row_answer(parts, model)}};
    add_problems(parts, responses, {400, 401, 403, 404, 409, 412, 413, 415, 422, 503}, codes_of(model));
    made["responses"] = std::move(responses);
}

void describe_remove(Parts& parts, object& made) {
    made["parameters"] = array{path_parameter(parts, "id"), if_match(parts)};
    object responses{
        {"204", shared_answer(parts, "Done", Components::engine(), {{"description", "It is done."}})}};
    add_problems(parts, responses, {400, 401, 403, 404, 409, 412, 503});
    made["responses"] = std::move(responses);
}

void describe_history(Parts& parts, object& made) {
    made["parameters"] = history_parameters(parts);
    object page = answer("A page of changes, or all as a file.",
                         shape_schema(parts, Components::engine().app, audit::history_shape(), false),
                         {{"ETag", etag()}});
    add_files(page);
    object responses{{"200", shared_answer(parts, "History", Components::engine(), std::move(page))},
                     {"304", not_modified(parts)}};
    add_problems(parts, responses, {400, 401, 404, 422, 503}, export_codes());
    made["responses"] = std::move(responses);
}

void describe_uses(Parts& parts, object& made) {
    made["parameters"] = array{path_parameter(parts, "id")};
    object uses = shape_schema(parts, Components::engine().app, uses_shape(), false);
    object responses{
        {"200", shared_answer(parts, "Uses", Components::engine(),
                              answer("What refers to it.", std::move(uses), {{"ETag", etag()}}))},
        {"304", not_modified(parts)}};
    add_problems(parts, responses, {400, 401, 404, 503});
    made["responses"] = std::move(responses);
}

void describe_restore(Parts& parts, const Model& model, object& made) {
    made["parameters"] = array{path_parameter(parts, "id")};
    object responses{{"200", row_answer(parts, model)}};
    SharedCodes shared = codes_of(model);
    shared.name += "Restore";
    shared.codes.emplace_back("data.in_trash");
    add_problems(parts, responses, {400, 401, 403, 404, 409, 503}, shared);
    made["responses"] = std::move(responses);
}

/// A verb that answers no struct either has nothing to say or writes bytes itself.
object answer_without_shape(const Route& route) {
    if (route.status == 204) return {{"description", "Done; there is nothing to answer."}};
    return {{"description", "The bytes, of whatever type they are."},
            {"content", object{{"*/*", object{{"schema", object{}}}}}}};
}

/// Whether the answer may be a file instead: the route has the parameter that asks for it.
bool answers_files(const Route& route) {
    if (route.method != http::Method::get || !route.input || !route.output) return false;
    return std::any_of(route.input->fields.begin(), route.input->fields.end(),
                       [](const Field& field) { return field.name == "format"; });
}

void describe_route(Parts& parts, std::string_view app, const Route& route, object& made) {
    if (array parameters = verb_parameters(parts, route); !parameters.empty())
        made["parameters"] = std::move(parameters);
    std::vector<std::string> codes = route.options.problems;
    const bool is_on_row = route.access.kind == RouteAccess::Kind::row;
    if (is_on_row) codes.emplace_back("http.changed_meanwhile");
    if (std::find(codes.begin(), codes.end(), "http.changed_meanwhile") != codes.end()) {
        if (!made.contains("parameters")) made["parameters"] = array{};
        made["parameters"].as_array().emplace_back(if_match(parts));
    }
    std::vector<int> statuses{400, 401, 503};
    if (route.options.takes_file > 0) {
        made["requestBody"] = file_body(route.options.takes_file);
        statuses.insert(statuses.end(), {413, 422, 507});
        codes.insert(codes.end(), {"http.uploads_busy", "http.storage_full"});
    } else if (route.input && route.method != http::Method::get) {
        bool needs_body = route.input->model || route.method != http::Method::post;
        for (const Field& field : route.input->fields) needs_body = needs_body || field.rules.required;
        made["requestBody"] = request_body(shape_schema(parts, app, *route.input, true), needs_body);
        statuses.insert(statuses.end(), {413, 415, 422});
    }
    if (!route.options.takes.empty()) {
        made["requestBody"] = bytes_body(route.options.takes);
        statuses.insert(statuses.end(), {413, 415, 422});
    }
    if (answers_files(route)) {
        const std::vector<std::string> more = export_codes().codes;
        codes.insert(codes.end(), more.begin(), more.end());
        statuses.push_back(422);
    }
    if (is_on_row || route.access.kind == RouteAccess::Kind::permission) statuses.push_back(403);
    if (route.path.find('{') != std::string::npos) statuses.push_back(404);
    object responses;
    responses[std::to_string(route.status)] =
        route.output ? answer("Done.", shape_schema(parts, app, *route.output, false),
                              has_version(route) ? object{{"ETag", etag()}} : object{})
                     : answer_without_shape(route);
    if (answers_files(route)) add_files(responses[std::to_string(route.status)].as_object());
    add_problems(parts, responses, std::move(statuses), codes);
    made["responses"] = std::move(responses);
}

}  // namespace

object operation(Parts& parts, const Operation& operation) {
    parts.app = operation.app;
    std::string summary = operation.summary;
    if (summary.ends_with('.')) summary.pop_back();
    std::string description = access_text(parts.documented.permissions, operation);
    if (operation.verb == Verb::list)
        description += filters_through(parts.documented.catalogue, *operation.resource->model);
    object made{{"operationId", operation.id()},
                {"tags", array{operation.app}},
                {"summary", std::move(summary)},
                {"description", std::move(description)}};
    if (operation.is_for_anyone()) made["security"] = array{};
    if (operation.route) {
        describe_route(parts, operation.app, *operation.route, made);
        if (api::heeds_idempotency_key(operation)) describe_key(parts, made);
        return made;
    }
    const Model& model = *operation.resource->model;
    switch (operation.verb) {
        case Verb::list:
            describe_list(parts, model, made);
            break;
        case Verb::summary:
            describe_summary(parts, model, made);
            break;
        case Verb::create:
            describe_create(parts, model, made);
            break;
        case Verb::read:
            describe_read(parts, model, made);
            break;
        case Verb::replace:
            describe_write(parts, model, Verb::replace, made);
            break;
        case Verb::change:
            describe_write(parts, model, Verb::change, made);
            break;
        case Verb::remove:
            describe_remove(parts, made);
            break;
        case Verb::history:
            describe_history(parts, made);
            break;
        case Verb::uses:
            describe_uses(parts, made);
            break;
        case Verb::restore:
            describe_restore(parts, model, made);
            break;
        case Verb::bulk:
            describe_bulk(parts, *operation.resource, made);
            break;
        case Verb::none:
            break;
    }
    if (api::heeds_idempotency_key(operation)) describe_key(parts, made);
    return made;
}

}  // namespace tamiti::openapi_parts
