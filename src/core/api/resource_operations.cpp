#include "core/api/resource_operations.hpp"

#include <boost/json/value.hpp>
#include <charconv>

#include "core/api/bulk.hpp"
#include "core/api/export.hpp"
#include "core/audit/history.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/list.hpp"
#include "core/model/trash.hpp"
#include "core/model/tx.hpp"
#include "core/model/write.hpp"

namespace tamiti::http {
namespace {

void answer_row(Call& call, const Operation& operation, Written&& written) {
    call.response.status = written.created ? 201 : 200;
    if (written.created)
        call.response.set("Location",
                          std::string(api_root) + operation.resource->path + "/" + written.id.text());
    call.response.set("ETag", entity_tag(written.body, written.version));
    call.response.body = std::move(written.body);
}

void run_list(Call& call, const Registry& registry, const Operation& operation) {
    if (run_export(call, registry, operation)) return;
    const std::string path = std::string(api_root) + operation.resource->path;
    look_once(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        list(tx, registry, *operation.resource, call.who, call.query, path, call.response.body);
    });
    call.response.set("ETag", entity_tag(call.response.body));
}

void run_read(Call& call, const Registry& registry, const Operation& operation) {
    const Selection selection = read_selection(call.query);
    look_once(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        const auto version =
            read(tx, registry, *operation.resource, call.who, call.ids.at(0), selection, call.response.body);
        call.response.set("ETag", entity_tag(call.response.body, version));
    });
}

void run_history(Call& call, const Registry& registry, const Operation& operation) {
    const Uuid id = call.ids.at(0);
    const std::string path = std::string(api_root) + operation.resource->path + "/" + id.text() + "/history";
    call.response.body = look(call.site, [&](ReadTx& tx) {
        std::string body;
        audit::history(tx, registry, *operation.resource, call.who, id, call.query, path, body);
        return body;
    });
    call.response.set("ETag", entity_tag(call.response.body));
}

void run_restore(Call& call, const Registry& registry, const Operation& operation) {
    if (!call.request.body.empty() && call.request.body != "{}")
        throw Malformed("http.unknown_field", "This request takes no body.");
    carry_out(call, [&](Tx& tx) {
        answer_row(call, operation, restore(tx, registry, *operation.resource, call.who, call.ids.at(0)));
    });
}

}  // namespace

std::optional<std::int64_t> version_wanted(std::string_view if_match) {
    if (if_match.empty() || if_match == "*") return std::nullopt;
    if (if_match.find(',') != std::string_view::npos)
        throw Malformed("http.bad_etag", "If-Match takes the one ETag of the row that you read.");
    if (if_match.size() < 3 || if_match.front() != '"' || if_match.back() != '"') return -1;
    std::int64_t version = -1;
    const auto [end, error] =
        std::from_chars(if_match.data() + 1, if_match.data() + if_match.size() - 1, version);
    return error == std::errc{} && (*end == '-' || *end == '"') ? version : -1;
}

std::string entity_tag(std::string_view body, std::int64_t version) {
    std::uint64_t hash = fast_hash(body);
    char digits[16];
    for (int i = 15; i >= 0; --i, hash >>= 4) digits[i] = "0123456789abcdef"[hash & 15];
    std::string tag = "\"";
    if (version > 0) tag += std::to_string(version) + "-";
    return tag.append(digits, sizeof digits) + "\"";
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    if (if_none_match.empty()) return false;
    if (trim(if_none_match) == "*") return true;
    for (std::string_view one : split(if_none_match, ',')) {
        one = trim(one);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
    }
    return false;
}

void run_resource(Call& call, const Registry& registry, const Operation& operation) {
    const Resource& resource = *operation.resource;
    const std::string_view if_match = call.request.header("If-Match");
    switch (operation.verb) {
        case Verb::list:
            return run_list(call, registry, operation);
        case Verb::read:
            return run_read(call, registry, operation);
        case Verb::create: {
            const auto body = json::parse(call.request.body);
            return carry_out(call, [&](Tx& tx) {
                answer_row(call, operation, create(tx, registry, resource, call.who, body));
            });
        }
        case Verb::change:
        case Verb::replace: {
            const auto body = json::parse(call.request.body);
            const auto version = version_wanted(if_match);
            return carry_out(call, [&](Tx& tx) {
                answer_row(call, operation,
                           change(tx, registry, resource, call.who, call.ids.at(0), body, version,
                                  operation.verb == Verb::replace));
            });
        }
        case Verb::remove: {
            const auto version = version_wanted(if_match);
            return carry_out(call, [&](Tx& tx) {
                remove(tx, registry, resource, call.who, call.ids.at(0), version);
                call.response.status = 204;
            });
        }
        case Verb::history:
            return run_history(call, registry, operation);
        case Verb::restore:
            return run_restore(call, registry, operation);
        case Verb::bulk:
            return run_bulk(call, registry, operation);
        case Verb::none:
            break;
    }
    throw std::logic_error("not an operation of a resource: " + operation.path);
}

}  // namespace tamiti::http
