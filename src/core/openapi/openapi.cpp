#include "core/openapi/openapi.hpp"

#include <boost/json.hpp>
#include <map>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti {
namespace {

using namespace openapi_parts;

constexpr const char* overview =
    "Everything that the studio does, over JSON.\n\n"
    "**Signing in.** `POST /auth/token` answers an access token, which goes with every request as "
    "`Authorization: Bearer …`, "
    "and a refresh token for the next one.\n\n"
    "**Lists** are pages: `count`, `next`, `previous` and `results`. Every filter, ordering and option is "
    "listed with its "
    "operation; an unknown one is refused, never ignored.\n\n"
    "**Writes** are checked whole: unknown fields, fields that are read-only and fields that you may not "
    "write are refused by "
    "name. Nothing is silently dropped.\n\n"
    "**Rows** have an ETag. `If-None-Match` saves answers that you have, `If-Match` saves others from having "
    "their changes "
    "overwritten.\n\n"
    "**Retries** are safe with an `Idempotency-Key` on any unsafe request outside `/auth`: the request has "
    "its "
    "effect once, and sent again with the same key gets the first answer again for seven days, with "
    "`Idempotent-Replayed: true`.\n\n"
    "**Limits** are told by every answer: `RateLimit-Policy` has how often you may ask, `RateLimit` what is "
    "left "
    "(`r`) until when (`t`, seconds). Beyond them any request is a 429 with `Retry-After`.\n\n"
    "**Files**: any list answers as a file with `format=csv` or `format=xlsx`, all rows of the same "
    "filters.\n\n"
    "**Problems** are `application/problem+json` (RFC 9457) with a `code` for programs and a sentence for "
    "people. Beyond those "
    "listed with an operation, any request can be refused for its form alone: 405, 408, 414, 417, 421, 431, "
    "501 and 505.\n\n"
    "**Times** are RFC 3339 in UTC, dates ISO 8601, durations seconds, money "
    "`{\"amount\": \"150000\", \"currency\": \"UGX\"}`.";

object info_object(const OpenapiInfo& info) {
    object contact{{"name", info.title}};
    if (!info.contact.empty()) contact["url"] = info.contact;
    return {{"title", info.title},
            {"version", info.version},
            {"description", overview},
            {"contact", std::move(contact)},
            {"license", object{{"name", "MIT"}, {"identifier", "MIT"}}}};
}

array tags(const Documented& documented) {
    array made;
    for (const Documented::Chapter& chapter : documented.chapters)
        made.emplace_back(object{{"name", chapter.name}, {"description", chapter.doc}});
    return made;
}

/// The members of an object in the order of their names.
object sorted(object unsorted) {
    std::map<std::string, value> by_name;
    for (auto& member : unsorted) by_name.emplace(member.key(), std::move(member.value()));
    object made;
    for (auto& [name, member] : by_name) made.emplace(name, std::move(member));
    return made;
}

object components(object schemas, object parameters, object responses) {
    object made{{"securitySchemes",
                 object{{"bearer", object{{"type", "http"},
                                          {"scheme", "bearer"},
                                          {"bearerFormat", "JWT"},
                                          {"description", "The access token of `POST /auth/token`."}}}}}};
    if (!parameters.empty()) made["parameters"] = sorted(std::move(parameters));
    if (!responses.empty()) made["responses"] = sorted(std::move(responses));
    if (!schemas.empty()) made["schemas"] = sorted(std::move(schemas));
    return made;
}

void indent(const value& json, std::size_t depth, std::string& out) {
    const auto new_line = [&](std::size_t level) { out.append("\n").append(level * 2, ' '); };
    if (json.is_object() && !json.get_object().empty()) {
        out += '{';
        const char* comma = "";
        for (const auto& member : json.get_object()) {
            out += comma;
            new_line(depth + 1);
            json::append_string(out, {member.key().data(), member.key().size()});
            out += ": ";
            indent(member.value(), depth + 1, out);
            comma = ",";
        }
        new_line(depth);
        out += '}';
    } else if (json.is_array() && !json.get_array().empty()) {
        out += '[';
        const char* comma = "";
        for (const auto& item : json.get_array()) {
            out += comma;
            new_line(depth + 1);
            indent(item, depth + 1, out);
            comma = ",";
        }
        new_line(depth);
        out += ']';
    } else {
        json::append(out, json);
    }
}

}  // namespace

boost::json::object openapi(const Documented& documented, const OpenapiInfo& info) {
    object schemas, parameters, responses, paths;
    Parts parts{documented, schemas, parameters, responses};
    for (const Operation& each : documented.operations) {
        value& path = paths[each.path];
        if (!path.is_object()) path.emplace_object();
        path.get_object()[lower(http::name_of(each.method))] = openapi_parts::operation(parts, each);
    }
    return {{"openapi", "3.1.0"},
            {"info", info_object(info)},
            {"servers", array{object{{"url", api_root}, {"description", "This server"}}}},
            {"security", array{object{{"bearer", array{}}}}},
            {"tags", tags(documented)},
            {"paths", std::move(paths)},
            {"components", components(std::move(schemas), std::move(parameters), std::move(responses))}};
}

std::string openapi_text(const Documented& documented, const OpenapiInfo& info, bool indented) {
    const value document = openapi(documented, info);
    std::string text;
    if (!indented) {
        json::append(text, document);
    } else {
        indent(document, 0, text);
        text += '\n';
    }
    return text;
}

}  // namespace tamiti
