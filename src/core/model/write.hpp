#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/http/entity_tag.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/output.hpp"
#include "core/model/tx.hpp"

/// The generic operations on one row of a resource. Each runs in the caller's transaction.
namespace tamiti {

/// How a write ended.
struct Written {
    Uuid id{};
    std::int64_t version = 0;
    bool created = false;  ///< false on create: the same id with the same body was there already
    std::string body{};    ///< the row as the actor sees it now
};

/// Whether more may follow in the transaction of a write, or COMMIT goes with its statement, which saves a
/// round trip.
enum class Ending : unsigned char { open, committed };

/// Creates a row from a JSON object. An id of the client's own is kept: sent again with the same body it
/// answers the row that is there, with another body it is a Conflict.
Written create(Tx& tx, const Resource& resource, const Actor& who, const boost::json::value& body,
               Ending ending = Ending::open);

/// Changes the members that the JSON object has; with `replace` those it lacks go back to their initial
/// values (PUT). A row whose version `if_match` doesn't admit is a Problem 412 with the current row. Nothing
/// is written where nothing differs.
Written change(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
               const boost::json::value& body, const http::IfMatch& if_match, bool replace,
               Ending ending = Ending::open);

/// Throws that Problem where the version of the row, locked or not, is another than the writer knows.
void require_version(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                     std::int64_t version, const http::IfMatch& if_match);

/// Removes a row, to the trash where the model has one.
void remove(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
            const http::IfMatch& if_match);

/// What make, change and drop below do, for a model known at run time.
namespace write_parts {
void make(Tx& tx, const Model& model, const Actor& who, void* row);
void change(Tx& tx, const Model& model, const Actor& who, const Uuid& id,
            const std::function<void(void*)>& edit, void* row);
void drop(Tx& tx, const Model& model, const Actor& who, const Uuid& id);
}  // namespace write_parts

// The same for the program itself, which writes on behalf of somebody (imports, conversions, templates): what
// a row refers to, the scopes of who asks and the rules of its resource hold as for a request of theirs, with
// its problems and its entries in the trail. Which fields somebody may send is no question here: the code
// says what it sets. What throws leaves the transaction to be rolled back, as ever. The model of T must be
// mounted (std::logic_error otherwise).

/// Creates the row; a nil id is made here. Answers it as it was stored.
template <class T>
T make(Tx& tx, const Actor& who, T row) {
    write_parts::make(tx, model_of(tag<T>{}), who, &row);
    return row;
}

/// Locks the row and writes what `edit(row)` makes of it: 404 where the actor doesn't see it, 403 where it
/// may not be changed, before or after. Its id, version and times are not `edit`'s to change. Nothing is
/// written where nothing differs. Answers the row as it is then.
template <class T, class Edit>
T change(Tx& tx, const Actor& who, Id<T> id, Edit&& edit) {
    T row{};
    write_parts::change(
        tx, model_of(tag<T>{}), who, id.value, [&](void* it) { edit(*static_cast<T*>(it)); }, &row);
    return row;
}

/// Removes the row, to the trash where the model has one.
template <class T>
void drop(Tx& tx, const Actor& who, Id<T> id) {
    write_parts::drop(tx, model_of(tag<T>{}), who, id.value);
}

}  // namespace tamiti
