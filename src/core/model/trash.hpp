#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/catalogue.hpp"
#include "core/model/output.hpp"
#include "core/model/write.hpp"

/// The trash: rows of models with soft_delete_model that were removed and may come back until they are
/// purged. What belongs to a row goes with it, at the same moment, and comes back with it.
namespace tamiti {

/// Whether removed rows of the resource can be looked at and brought back.
inline bool has_trash(const Resource& resource) {
    return resource.model->deleted_at >= 0 && resource.access.remove != nullptr;
}

/// The rows that a request is about, as something to select from: those in the trash that the actor may bring
/// back (that they see and may remove) where the selection asks for the trash. A resource without a trash is
/// a Problem (400).
Sql selected_rows(const Resource& resource, const Actor& who, const Selection& selection);

/// The same rows as a scope and a condition on deleted_at, "true" for models without one.
struct SelectedRows {
    Scope scope;
    Sql kept;
};
SelectedRows selection_of(const Resource& resource, const Actor& who, const Selection& selection);

/// Puts what belongs to those rows of the model into the trash, at the transaction's time, and what belongs
/// to that: rows that refer to them with Delete::cascade and have a trash themselves. Others stay where they
/// are and are purged with the row.
void trash_children(Tx& tx, const Model& model, const std::vector<std::string>& ids);

/// Brings a row back with exactly what went with it. A row that isn't in the trash is answered as it is. What
/// it belongs to must not be in the trash itself, and what must be unique must still be free: Conflict.
Written restore(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id);

/// Removes rows for good that went to the trash before that time, `most` at once and never those of `kept`,
/// and answers how many. Rows that something still refers to with Delete::restrict stay.
std::int64_t purge(Tx& tx, const Model& model, Timestamp before, int most,
                   const std::vector<std::string>& kept = {});

/// Ids of rows that purge() would remove next.
std::vector<std::string> purgeable(ReadTx& tx, const Model& model, Timestamp before, int most,
                                   const std::vector<std::string>& kept);

}  // namespace tamiti
