#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "core/base/problem.hpp"
#include "core/base/problem_codes.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {
namespace {

/// One kind of refusal as the documentation shows it.
struct Kind {
    int status;
    const char* name;
    const char* description;
    const char* code;
    const char* detail;
    const char* field;  ///< that the example complains of, or nullptr
    const char* message;
};

constexpr Kind kinds[] = {
    {400, "Malformed", "The request can't be understood, or names something that doesn't exist.",
     "http.malformed_json",
     "The JSON can't be read: a comma or a closing brace is missing (line 3, column 7).", nullptr, nullptr},
    {401, "Unauthorised", "There is no token, or it is expired, revoked or not ours.", "auth.sign_in",
     "Sign in first: send an access token as Authorization: Bearer.", nullptr, nullptr},
    {403, "Forbidden", "You are known and may see this, but not do it.", "access.denied",
     "You may not change this row.", nullptr, nullptr},
    {404, "NotFound", "There is nothing here, or nothing that you may see.", "http.not_found",
     "There is nothing here, or nothing that you may see.", nullptr, nullptr},
    {409, "Conflict", "The state of things doesn't allow it now.", "data.reference",
     "Another row refers to this one, so it can't be removed.", nullptr, nullptr},
    {412, "Changed", "The row has changed since the ETag that you sent; `current` is the row as it is.",
     "http.changed_meanwhile", "The row has changed in the meantime.", nullptr, nullptr},
    {413, "TooLarge", "The body is larger than the server takes.", "http.body_too_large",
     "The request's body is larger than this server takes.", nullptr, nullptr},
    {415, "NotJson", "The body is not JSON, or is compressed.", "http.media_type",
     "Send JSON with Content-Type: application/json.", nullptr, nullptr},
    {422, "Invalid", "The request is well-formed but some values are not valid; `errors` has every one.",
     "http.invalid", "One field is invalid.", "name", "Write at most 200 characters."},
    {429, "TooMany", "Too many requests; `Retry-After` says how many seconds to wait.",
     "http.too_many_requests", "Too many requests: try again in 30 seconds.", nullptr, nullptr},
    {503, "Unavailable",
     "The server is at its limit or its database is away; `Retry-After` says how many seconds to wait.",
     "http.overloaded", "The server is busy: try again in a second.", nullptr, nullptr},
};

object example_of(const Kind& kind) {
    object made{{"type", std::string("/problems/") + kind.code},
                {"title", title_of(kind.status)},
                {"status", kind.status},
                {"code", kind.code},
                {"detail", kind.detail},
                {"instance", "4bf92f3577b34da6a3ce929d0e0e4736"}};
    if (kind.field) made["errors"] = object{{kind.field, array{kind.message}}};
    if (kind.status == 412)
        made["current"] = object{{"id", "0197a5d2-7c1e-7b3a-9d4f-3f2a1b0c9d8e"}, {"version", 4}};
    return made;
}

object text(std::string description) {
    return {{"type", "string"}, {"description", std::move(description)}};
}

object problem_schema(Parts& parts) {
    return parts.components.refer("schemas", "Problem", Components::engine(), [] {
        object errors{
            {"type", "object"},
            {"description", "What is wrong with which field; nested ones as `items.2.amount`."},
            {"additionalProperties", object{{"type", "array"}, {"items", object{{"type", "string"}}}}}};
        return object{
            {"type", "object"},
            {"description", "What went wrong, after RFC 9457."},
            {"properties",
             object{{"type", object{{"type", "string"},
                                    {"format", "uri-reference"},
                                    {"description", "`/problems/` and the code."}}},
                    {"title", text("The kind of problem in two or three words.")},
                    {"status", object{{"type", "integer"}, {"minimum", 400}, {"maximum", 599}}},
                    {"code", text("What programs compare with: app, dot, name. `tamiti errors` lists all.")},
                    {"detail", text("A sentence for a person.")},
                    {"instance", text("The request's id, as in the header X-Request-Id and the log.")},
                    {"errors", std::move(errors)},
                    {"current", object{{"type", "object"},
                                       {"description", "The row as it is, where it has changed."}}}}},
            {"required", array{"type", "title", "status", "detail", "instance"}}};
    });
}

object header(std::string description, const char* type = "string") {
    return {{"description", std::move(description)}, {"schema", object{{"type", type}}}};
}

object response_of(Parts& parts, const Kind& kind, const std::string& more) {
    object made{{"description", kind.description + more}};
    if (kind.status == 401) made["headers"] = object{{"WWW-Authenticate", header("The scheme: Bearer.")}};
    if (kind.status == 429 || kind.status == 503)
        made["headers"] = object{{"Retry-After", header("Seconds to wait before the next try.", "integer")}};
    if (kind.status == 429) {
        object& headers = made["headers"].as_object();
        headers["RateLimit-Policy"] = header("The limit: `\"user\";q=3000;w=60` is 3,000 requests in 60 s.");
        headers["RateLimit"] = header("What is left of it: `\"user\";r=0;t=12` is nothing for 12 s.");
    }
    made["content"] = object{{"application/problem+json",
                              object{{"schema", problem_schema(parts)}, {"example", example_of(kind)}}}};
    return made;
}

/// What is known of a code: from the engine, from the app that declared it, or from what a model says is
/// unique.
std::optional<ProblemKind> find_problem(const Documented& documented, const std::string& code) {
    const auto is_it = [&](const ProblemKind& one) { return one.code == code; };
    const auto in = [&](const std::vector<ProblemKind>& problems) -> std::optional<ProblemKind> {
        const auto found = std::find_if(problems.begin(), problems.end(), is_it);
        return found == problems.end() ? std::nullopt : std::optional(*found);
    };
    if (auto found = in(core_problems())) return found;
    if (auto found = in(documented.problems)) return found;
    for (const Model* model : documented.catalogue.models())
        for (const Unique& unique : model->unique)
            if (model->app + "." + unique.name == code) return ProblemKind{code, 409, unique.message};
    return std::nullopt;
}

std::vector<ProblemKind> find_problems(const Documented& documented, const std::vector<std::string>& codes) {
    std::vector<ProblemKind> found;
    for (const std::string& code : codes)
        if (auto problem = find_problem(documented, code)) found.push_back(std::move(*problem));
    return found;
}

/// What a status says beyond its kind: "Among its codes: …"; empty where there is nothing.
std::string more_of(const Kind& kind, const std::vector<ProblemKind>& own) {
    std::string more;
    for (const ProblemKind& problem : own)
        if (problem.status == kind.status) more += "\n- `" + problem.code + "`: " + problem.meaning;
    return more.empty() ? more : "\n\nAmong its codes:\n" + more;
}

/// Calls add(kind, more) for each kind among the statuses and those of the problems.
template <class Add>
void each_kind(std::vector<int> statuses, const std::vector<ProblemKind>& own, const Add& add) {
    statuses.push_back(429);  // whoever asks too often is refused everywhere
    for (const ProblemKind& problem : own) statuses.push_back(problem.status);
    for (const Kind& kind : kinds)
        if (std::find(statuses.begin(), statuses.end(), kind.status) != statuses.end())
            add(kind, more_of(kind, own));
}

object general(Parts& parts, const Kind& kind) {
    return parts.components.refer("responses", kind.name, Components::engine(),
                                  [&] { return response_of(parts, kind, {}); });
}

}  // namespace

void add_problems(Parts& parts, object& responses, std::vector<int> statuses,
                  const std::vector<std::string>& codes) {
    each_kind(std::move(statuses), find_problems(parts.documented, codes),
              [&](const Kind& kind, const std::string& more) {
                  responses[std::to_string(kind.status)] =
                      more.empty() ? general(parts, kind) : response_of(parts, kind, more);
              });
}

void add_problems(Parts& parts, object& responses, std::vector<int> statuses, const SharedCodes& shared) {
    each_kind(std::move(statuses), find_problems(parts.documented, shared.codes),
              [&](const Kind& kind, const std::string& more) {
                  responses[std::to_string(kind.status)] =
                      more.empty() ? general(parts, kind)
                                   : parts.components.refer_to("responses", kind.name + shared.name,
                                                               shared.owner, response_of(parts, kind, more));
              });
}

}  // namespace tamiti::openapi_parts
