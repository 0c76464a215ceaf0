#include "core/api/route.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "core/api/idempotency.hpp"
#include "core/base/json.hpp"
#include "core/http/entity_tag.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/write.hpp"

namespace tamiti {

void carry_out(Call& call, const std::function<void(Tx&)>& work) {
    const http::Response fresh = call.response;
    const std::shared_ptr<void> turn = call.claim ? call.claim->wait_for_turn(call.site) : nullptr;
    bool is_first = true;
    transact(call.site, call.who, [&](Tx& tx) {
        if (!std::exchange(is_first, false)) call.response = fresh;  // what a failed attempt left in it
        if (call.claim && call.claim->was_answered(tx, call.response)) return;
        work(tx);
        if (call.claim) call.claim->keep(tx, call.response);
    });
}

namespace route_parts {

Scope seen_rows(ReadTx& tx, const Model& model, const Actor& who) {
    return tx.site().catalogue->resource_of(model)->seen_by(who);
}

void decode(const Call& call, const Shape& shape, bool from_query, void* row) {
    if (from_query) return read_shape(shape, call.query, call.who, row);
    const auto body = call.request.body.empty() ? boost::json::value(boost::json::object{})
                                                : json::parse(call.request.body);
    read_shape(shape, body, call.who, row);
}

void tag_row(Call& call, const Shape& shape, const void* row) {
    for (const Field& field : shape.members())
        if (field.name == "version")
            call.response.set("ETag",
                              http::entity_tag(call.response.body, stored_integer(*field.store(row))));
}

void require_known(Tx& tx, const Call& call, const Model& model, const void* row) {
    const auto value = [&](int field) { return model.fields[static_cast<std::size_t>(field)].store(row); };
    require_version(tx, *tx.site().catalogue->resource_of(model), call.who, stored_uuid(*value(model.id)),
                    stored_integer(*value(model.version)), http::IfMatch::of(call.request));
}

bool encode_as_read(Tx& tx, Call& call, const Model& model, const void* row) {
    const Resource& resource = *tx.site().catalogue->resource_of(model);
    const Uuid id = stored_uuid(*model.fields[static_cast<std::size_t>(model.id)].store(row));
    try {
        const std::int64_t version = read(tx, resource, call.who, id, {}, call.response.body);
        call.response.set("ETag", http::entity_tag(call.response.body, version));
        return true;
    } catch (const NotFound&) {
        return false;
    }
}

}  // namespace route_parts
}  // namespace tamiti
