#pragma once

#include <string>
#include <string_view>

#include "core/access/actor.hpp"
#include "core/base/time.hpp"
#include "core/db/params.hpp"
#include "core/model/model.hpp"

/// Fields without a column. Their expressions are kept with "$row", "$now" and "$today" where the alias of
/// the row and the moment go, which PostgreSQL has no meaning for: a mark that is forgotten is an error,
/// never a wrong value.
namespace tamiti {

/// Completes a derived field of a model whose fields are all there: marks the columns in its expression, and
/// makes it read-only. A rule that makes no sense without a column, a placeholder that doesn't exist and
/// brackets that don't match are std::logic_error.
void complete_derived(const Model& model, Field& field);

/// Whether a text of SQL has that word, as a whole one.
bool names_word(std::string_view sql, std::string_view word);

/// The value of a derived field in the row of that alias, as its type's column would have it; the moment is
/// still marked.
std::string derived_value(const Field& field, std::string_view row);

/// Puts the moment where a statement has marks for it: every statement that names fields goes through here
/// before it is run. "Today" is the actor's.
std::string at_moment(std::string sql, Timestamp now, const Actor& who, db::Params& params);

}  // namespace tamiti
