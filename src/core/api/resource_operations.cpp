#include "core/api/resource_operations.hpp"

#include <boost/json/value.hpp>

#include "core/api/bulk.hpp"
#include "core/api/export.hpp"
#include "core/audit/history.hpp"
#include "core/base/json.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/list.hpp"
#include "core/model/list_sheet.hpp"
#include "core/model/summary.hpp"
#include "core/model/trash.hpp"
#include "core/model/tx.hpp"
#include "core/model/uses.hpp"
#include "core/model/write.hpp"

namespace tamiti::api {
namespace {

void answer_row(Call& call, const Operation& operation, Written&& written) {
    call.response.status = written.created ? 201 : 200;
    if (written.created)
        call.response.set("Location",
                          std::string(api_root) + operation.resource->path + "/" + written.id.text());
    call.response.set("ETag", http::entity_tag(written.body, written.version));
    call.response.body = std::move(written.body);
}

/// An answer that is kept for its Idempotency-Key is written behind the row, in the same transaction.
Ending ending_of(const Call& call) {
    return call.claim ? Ending::open : Ending::committed;
}

void run_list(Call& call, const Operation& operation) {
    const auto sheet = [&](std::int64_t most) {
        return list_sheet(*call.site.catalogue, *operation.resource, call.who, call.query,
                          call.site.clock->now(), most);
    };
    if (run_export(call, operation.resource->path, sheet)) return;
    const std::string path = std::string(api_root) + operation.resource->path;
    look_once(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        list(tx, *operation.resource, call.who, call.query, path, call.response.body);
    });
    call.response.set("ETag", http::entity_tag(call.response.body));
}

void run_summary(Call& call, const Operation& operation) {
    look_once(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        summary(tx, *operation.resource, call.who, call.query, call.response.body);
    });
    call.response.set("ETag", http::entity_tag(call.response.body));
}

void run_read(Call& call, const Operation& operation) {
    const Selection selection = read_selection(call.query);
    look_once(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        const auto version =
            read(tx, *operation.resource, call.who, call.ids.at(0), selection, call.response.body);
        call.response.set("ETag", http::entity_tag(call.response.body, version));
    });
}

void run_history(Call& call, const Operation& operation) {
    const Uuid id = call.ids.at(0);
    const Resource& resource = *operation.resource;
    const auto sheet = [&](std::int64_t most) {
        return look(call.site, [&](ReadTx& tx) {
            return audit::history_sheet(tx, resource, call.who, id, call.query, most);
        });
    };
    if (run_export(call, resource.path + "/history", sheet)) return;
    const std::string path = std::string(api_root) + resource.path + "/" + id.text() + "/history";
    call.response.body = look(call.site, [&](ReadTx& tx) {
        std::string body;
        audit::history(tx, resource, call.who, id, call.query, path, body);
        return body;
    });
    call.response.set("ETag", http::entity_tag(call.response.body));
}

void run_uses(Call& call, const Operation& operation) {
    if (!call.query.empty()) throw Malformed("http.bad_parameter", "This request takes no parameters.");
    look(call.site, [&](ReadTx& tx) {
        call.response.body.clear();
        write_uses(tx, *operation.resource, call.who, call.ids.at(0), api_root, call.response.body);
    });
    call.response.set("ETag", http::entity_tag(call.response.body));
}

void run_restore(Call& call, const Operation& operation) {
    if (!call.request.body.empty() && call.request.body != "{}")
        throw Malformed("http.unknown_field", "This request takes no body.");
    carry_out(call, [&](Tx& tx) {
        answer_row(call, operation, restore(tx, *operation.resource, call.who, call.ids.at(0)));
    });
}

}  // namespace

void run_resource(Call& call, const Operation& operation) {
    const Resource& resource = *operation.resource;
    switch (operation.verb) {
        case Verb::list:
            return run_list(call, operation);
        case Verb::summary:
            return run_summary(call, operation);
        case Verb::read:
            return run_read(call, operation);
        case Verb::create: {
            const auto body = json::parse(call.request.body);
            return carry_out(call, [&](Tx& tx) {
                answer_row(call, operation, create(tx, resource, call.who, body, ending_of(call)));
            });
        }
        case Verb::change:
        case Verb::replace: {
            const auto body = json::parse(call.request.body);
            const auto known = http::IfMatch::of(call.request);
            return carry_out(call, [&](Tx& tx) {
                answer_row(call, operation,
                           change(tx, resource, call.who, call.ids.at(0), body, known,
                                  operation.verb == Verb::replace, ending_of(call)));
            });
        }
        case Verb::remove: {
            const auto known = http::IfMatch::of(call.request);
            return carry_out(call, [&](Tx& tx) {
                remove(tx, resource, call.who, call.ids.at(0), known);
                call.response.status = 204;
            });
        }
        case Verb::history:
            return run_history(call, operation);
        case Verb::uses:
            return run_uses(call, operation);
        case Verb::restore:
            return run_restore(call, operation);
        case Verb::bulk:
            return run_bulk(call, operation);
        case Verb::none:
            break;
    }
    throw std::logic_error("not an operation of a resource: " + operation.path);
}

}  // namespace tamiti::api
