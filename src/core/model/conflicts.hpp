#pragma once

#include <vector>

#include "core/access/actor.hpp"
#include "core/db/error.hpp"
#include "core/model/draft.hpp"
#include "core/model/resource.hpp"
#include "core/model/tx.hpp"
#include "core/model/write.hpp"

/// What is unique among all rows tells whoever writes that a row is there which they can't see. That can't be
/// hidden, but nobody can go through names with it: such conflicts are counted for each person and hour,
/// those of dry runs, too, and who has met too many writes no unique values for a while, taken or not.
namespace tamiti {

/// Whether a write of these fields may meet a row that the actor doesn't see.
bool may_meet_hidden(const Resource& resource, const Actor& who, const Model& model,
                     const std::vector<int>& fields);

/// Throws the Problem 429 where the actor has met too many.
void require_few_conflicts(Tx& tx, const Actor& who);

/// Counts the conflict that ended the last statement, if it was with a row that the actor doesn't see. The
/// transaction must be usable.
void count_conflict(Tx& tx, const Resource& resource, const Actor& who, const Draft& row,
                    const db::Error& error);

/// Counts one that is known to be hidden: of an id.
void count_hidden_conflict(Tx& tx, const Actor& who);

/// Does `write(ending)`, which writes the row, counted where that is needed; then no COMMIT goes with it.
template <class Write>
auto with_conflicts_counted(Tx& tx, const Resource& resource, const Actor& who, const Draft& row,
                            const std::vector<int>& fields, Ending ending, Write write) {
    if (!may_meet_hidden(resource, who, *row.model, fields)) return write(ending);
    require_few_conflicts(tx, who);
    tx.send(Sql("SAVEPOINT conflict"));
    try {
        auto written = write(Ending::open);
        tx.send(Sql("RELEASE SAVEPOINT conflict"));
        return written;
    } catch (const db::Error& error) {
        if (error.sqlstate != "23505") throw;  // unique_violation
        tx.execute(Sql("ROLLBACK TO SAVEPOINT conflict"));
        count_conflict(tx, resource, who, row, error);
        throw;
    }
}

}  // namespace tamiti
