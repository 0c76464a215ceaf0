#pragma once

#include <string>
#include <vector>

#include "core/model/catalogue.hpp"
#include "core/model/search.hpp"

namespace tamiti {

/// Whether the scope's rows of the model are found without looking at what others' rows say: all of them are
/// the scope's, or none, or those within rows that are reached.
bool is_found_by_words(const Model& model, const Scope& scope);

/// The beginning of a statement, "WITH … hits (model, row_id, rank) AS MATERIALIZED (…)": the rows of these
/// resources, those in the trash aside, that the actor sees and that the clause finds; of more than `most`
/// one more. What nobody shows the actor is neither ranked nor counted: rows that refer to few others are
/// found by those first, and only their words are looked at. Empty where the actor sees no row at all.
std::string visible_hits(const std::vector<const Resource*>& resources, const Actor& who,
                         const SearchClause& clause, int most, db::Params& params);

}  // namespace tamiti
