#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/db/sql.hpp"
#include "core/model/model.hpp"

/// What rows are found by: one table of the words of all models, core_search, which triggers keep. A
/// migration puts a table's rows in it: SELECT core_search_keep('tasks_task', 'tasks.task', 'project', a =>
/// '{title}').
namespace tamiti {

namespace db {
class Transaction;
}

constexpr int ranked_rows = 5'000;          ///< how many matches a search of everything ranks
constexpr std::size_t models_in_index = 8;  ///< of so many models at most an index finds the rows of each

/// How a search is taken: as words, the last of which may be unfinished; or, where words find nothing, by
/// likeness, which finds what is misspelt and costs much more.
enum class Spelling : unsigned char { right, wrong };

/// Condition and rank of a search over the row of core_search aliased s.
struct SearchClause {
    std::string condition{};
    std::string rank{};   ///< higher is better
    std::string query{};  ///< the words as a tsquery; empty for a search by likeness
    std::string rare{};   ///< those alone that the index is asked for; empty for all of them
};
SearchClause search_clause(std::string_view text, Spelling spelling, db::Params& params);

/// Leaves words that stand in far more rows than another of the text to the rows which have that one
/// (docs/adr/0028-a-search-asks-the-index-for-few-places.md). How common words are is what PostgreSQL found
/// when it last looked.
void leave_common_words(SearchClause& clause, std::string_view text, db::Transaction& transaction,
                        db::Params& params);

/// The condition for rows of these models alone. Of few models the index is asked for these, so that what is
/// said in others costs nothing; of many it would cost more than to look at each match.
std::string condition_in(const SearchClause& clause, const std::vector<std::string>& models);

/// Whether the text may be meant otherwise than it is written: a code or a number means itself.
bool may_be_misspelt(std::string_view text);

/// What must be true of core_search's row s for a row of the model: that it is one of the model's.
Sql is_of(const Model& model);

/// The call of core_search_keep that a migration makes for the model, and what the trigger then says of
/// itself.
struct SearchTrigger {
    std::string call{};
    std::string comment{};
};
SearchTrigger search_trigger(const Model& model);

}  // namespace tamiti
