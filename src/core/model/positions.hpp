#pragma once

#include "core/access/scope.hpp"
#include "core/base/uuid.hpp"
#include "core/model/tx.hpp"

/// Places that people give to rows among others, from 1: the member `position` of a model.
namespace tamiti {

/// Makes the place of `row` its own among `siblings`, of which it may be one: whatever stands there goes one
/// further, and so does what follows as far as there is no gap. Those who do it with the same siblings must
/// do it one after the other (Tx::hold).
void make_place(Tx& tx, const Model& model, const Scope& siblings, const Uuid& row, int place);

/// Counts the siblings from 1 again, in their order.
void close_gaps(Tx& tx, const Model& model, const Scope& siblings);

}  // namespace tamiti
