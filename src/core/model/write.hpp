#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/catalogue.hpp"
#include "core/model/output.hpp"

/// The generic operations on one row of a resource. Each runs in the caller's transaction.
namespace tamiti {

/// How a write ended.
struct Written {
    Uuid id{};
    std::int64_t version = 0;
    bool created = false;  ///< false on create: the same id with the same body was there already
    std::string body{};    ///< the row as the actor sees it now
};

/// Creates a row from a JSON object. An id of the client's own is kept: sent again with the same body it
/// answers the row that is there, with another body it is a Conflict.
Written create(Tx& tx, const Resource& resource, const Actor& who, const boost::json::value& body);

/// Changes the members that the JSON object has; with `replace` those it lacks go back to their initial
/// values (PUT). A row whose version is not `if_match` is a Problem 412 with the current row. Nothing is
/// written where nothing differs.
Written change(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
               const boost::json::value& body, std::optional<std::int64_t> if_match, bool replace);

/// Removes a row, to the trash where the model has one.
void remove(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
            std::optional<std::int64_t> if_match);

}  // namespace tamiti
