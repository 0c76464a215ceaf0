#pragma once

#include <string>
#include <vector>

#include "core/base/problem.hpp"
#include "core/model/draft.hpp"

/// The rules of a row that the database keeps (Model::checks), asked before it is written: a constraint that
/// fails tells of itself alone, and people want to read everything that is wrong at once.
namespace tamiti {

/// The rules that name one of those fields and none that is at fault already, each by its place.
std::vector<int> rules_about(const Model& model, const std::vector<int>& fields,
                             const std::vector<FieldError>& faults);

/// Refuses (422) a draft that breaks one of these rules, with the sentence of each. Asks the database with
/// the next statement of the transaction; what other questions of that round trip refuse is told together.
void ask_rules(Tx& tx, const Draft& draft, const std::vector<int>& rules);

/// Whether one of the faults is the field's, or of something in it.
bool is_at_fault(const Field& field, const std::vector<FieldError>& faults);

/// Adds what isn't told of a field yet.
void add_faults(std::vector<FieldError>& faults, const std::vector<FieldError>& more);

}  // namespace tamiti
