#include "core/openapi/openapi.hpp"

#include <boost/json.hpp>

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

/// The paths of an app's operations, or of all, and the components that those of all apps refer to.
struct Content {
    object paths;
    Components components;
};

Content content_of(const Documented& documented, std::string_view app) {
    Content content;
    Parts parts{documented, content.components};
    for (const Operation& each : documented.operations) {
        object made = openapi_parts::operation(parts, each);
        if (!app.empty() && each.app != app) continue;
        value& path = content.paths[each.path];
        if (!path.is_object()) path.emplace_object();
        path.get_object()[lower(http::name_of(each.method))] = std::move(made);
    }
    return content;
}

object security_schemes() {
    return {{"bearer", object{{"type", "http"},
                              {"scheme", "bearer"},
                              {"bearerFormat", "JWT"},
                              {"description", "The access token of `POST /auth/token`."}}}};
}

/// What fits into a line without anything nested: {"$ref": "…"}, ["string", "null"].
std::string one_line(const value& json) {
    constexpr std::size_t most = 90;
    const auto is_nested = [](const value& part) { return part.is_structured(); };
    std::string text;
    const auto add = [&](const value& part) { json::append(text, part); };
    if (const object* members = json.if_object()) {
        for (const auto& member : *members) {
            if (is_nested(member.value())) return {};
            text += text.empty() ? "{" : ", ";
            json::append_string(text, {member.key().data(), member.key().size()});
            text += ": ";
            add(member.value());
        }
        text += '}';
    } else {
        for (const value& part : json.get_array()) {
            if (is_nested(part)) return {};
            text += text.empty() ? "[" : ", ";
            add(part);
        }
        text += ']';
    }
    return text.size() <= most ? text : std::string();
}

bool is_empty(const value& json) {
    return json.is_object() ? json.get_object().empty() : json.get_array().empty();
}

void indent(const value& json, std::size_t depth, std::string& out) {
    if (!json.is_structured() || is_empty(json)) return json::append(out, json);
    if (const std::string line = one_line(json); !line.empty()) {
        out += line;
        return;
    }
    const auto new_line = [&](std::size_t level) { out.append("\n").append(level * 2, ' '); };
    const char* comma = "";
    out += json.is_object() ? '{' : '[';
    const auto add = [&](const value& part) {
        indent(part, depth + 1, out);
        comma = ",";
    };
    if (const object* members = json.if_object()) {
        for (const auto& member : *members) {
            out += comma;
            new_line(depth + 1);
            json::append_string(out, {member.key().data(), member.key().size()});
            out += ": ";
            add(member.value());
        }
    } else {
        for (const value& part : json.get_array()) {
            out += comma;
            new_line(depth + 1);
            add(part);
        }
    }
    new_line(depth);
    out += json.is_object() ? '}' : ']';
}

}  // namespace

boost::json::object openapi(const Documented& documented, const OpenapiInfo& info) {
    Content content = content_of(documented, {});
    object components{{"securitySchemes", security_schemes()}};
    for (auto& kind : content.components.json()) components.emplace(kind.key(), std::move(kind.value()));
    return {{"openapi", "3.1.0"},
            {"info", info_object(info)},
            {"servers", array{object{{"url", api_root}, {"description", "This server"}}}},
            {"security", array{object{{"bearer", array{}}}}},
            {"tags", tags(documented)},
            {"paths", std::move(content.paths)},
            {"components", std::move(components)}};
}

boost::json::object openapi_part(const Documented& documented, std::string_view app) {
    Content content = content_of(documented, app);
    return {{"paths", std::move(content.paths)}, {"components", content.components.json(app)}};
}

std::string indented_text(const boost::json::value& document) {
    std::string text;
    indent(document, 0, text);
    return text + '\n';
}

std::string openapi_text(const Documented& documented, const OpenapiInfo& info) {
    std::string text;
    json::append(text, openapi(documented, info));
    return text;
}

}  // namespace tamiti
