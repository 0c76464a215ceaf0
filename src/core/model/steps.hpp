#pragma once

#include <string_view>

#include "core/base/enum_names.hpp"
#include "core/model/draft.hpp"
#include "core/model/tx.hpp"

/// Choices that move along allowed steps only, as their fields' rules say (`Rules::steps`). The generic
/// writes hold to them; verbs move a row by step().
namespace tamiti {

/// Throws std::logic_error, naming model and field, where steps are written of something that is no choice,
/// name a state that it doesn't have, leave one out or have one twice.
void check_steps(const Model& model, const Field& field);

/// Refuses a step that isn't allowed: Conflict "<app>.transition", whose sentence names those which are.
/// Staying is no step.
void require_step(const Model& model, const Field& field, std::string_view from, std::string_view to);

/// The same for every field with steps in which the two rows differ.
void require_steps(const Draft& before, const Draft& next);

/// Moves a row, and saves the member: step(tx, invoice, &Invoice::status, Status::sent).
template <class T, class E>
void step(Tx& tx, T& row, E T::*status, E to) {
    const Model& model = model_of(tag<T>{});
    for (const Field& field : model.fields)
        if (field.address(&row) == &(row.*status))
            require_step(model, field, enum_name(row.*status), enum_name(to));
    if (row.*status == to) return;
    row.*status = to;
    tx.save(row, status);
}

}  // namespace tamiti
