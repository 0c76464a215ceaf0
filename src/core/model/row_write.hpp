#pragma once

#include <optional>
#include <string>

#include "core/access/scope.hpp"
#include "core/db/params.hpp"
#include "core/db/result.hpp"
#include "core/model/model.hpp"
#include "core/model/tx.hpp"
#include "core/model/write.hpp"

namespace tamiti {

/// The statement that writes one row, and where the row may lie then.
struct RowWrite {
    const Model& model;
    const Uuid& id;
    const Scope& may;           ///< where the actor may write
    std::optional<Scope> seen;  ///< where it is to be told whether the actor sees it
    std::string statement;
    const db::Params& params;
    Ending ending = Ending::open;
};

/// What a write left behind: what its statement answered, and where its row lies now.
struct WrittenRow {
    db::Result result{};
    bool is_allowed = true;  ///< in the scope that the actor may write
    bool is_seen = true;
};

/// Writes one row and asks in the same round trip where it lies then, as a policy's check. That is a
/// statement of its own behind the write, not a part of it: it must see the row itself, what triggers made of
/// it, and what others committed while the write waited for their locks. A refusal that follows from the
/// answer undoes the write: nothing is kept yet, or, where COMMIT goes along, the database has refused it.
WrittenRow write_row(Tx& tx, const RowWrite& write);

}  // namespace tamiti
