#include "core/http/route.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "core/base/json.hpp"
#include "core/http/resource_operations.hpp"

namespace tamiti::route_parts {

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

}  // namespace tamiti::route_parts
