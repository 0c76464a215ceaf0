#pragma once

#include <cstdint>
#include <string>

#include "core/model/list.hpp"
#include "core/model/search.hpp"
#include "core/model/trash.hpp"

/// The statement of one list. How it is put together is told in
/// docs/adr/0014-lists-of-scoped-actors-are-keyed.md.
namespace tamiti {

constexpr int counted_rows = 10'000;  ///< how far rows are counted
constexpr int sorted_rows = 3'000;    ///< how many are collected and sorted where nothing is counted

/// A list request and the pieces of its statement, which share their parameters.
struct Listing {
    const Resource& resource;
    ListRequest request;
    db::Params params{};
    SelectedRows selected;
    Sql rows{};             ///< the selected rows, as something to select from
    std::string filters{};  ///< conditions
    SearchClause search{};
    std::string order{};
    bool is_ranked = false;  ///< by the search's rank before `order`
    bool counts = false;
    int first_key = 0;  ///< column of the first ordering key, for the cursor
    int count_column = -1;

    bool is_searched() const { return !request.search.empty(); }

    /// Whether keys come first and rows after: for scoped actors, and for what is ranked.
    bool is_keyed() const { return !selected.scope.is_all() || is_ranked; }

    /// What a plain statement selects from: the rows, aliased t, and beside a search what they are found by.
    std::string from(db::Params& into) const;

    /// " WHERE " with filters, search and perhaps the condition of a cursor; empty without any.
    std::string where(const std::string& cursor = {}) const;
};

/// Reads the request and makes the pieces. `spelling` says how a search is taken.
Listing listing_of(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                   const QueryPairs& query, Spelling spelling);

/// The whole statement. Rows come first in the columns of `output`, one more than a page has.
std::string statement(Listing& listing, const Output& output, const Actor& who, const Site& site);

/// A SELECT of all rows that a listing finds, in no order, and what goes before it: empty, or the lists of a
/// WITH.
struct FoundRows {
    std::string with{};
    std::string select{};
};

/// Selects `columns` of the rows, aliased t, found as the keys of a list are, but all of them.
FoundRows found_rows(Listing& listing, const std::string& columns);

/// SELECT of `columns` of rows, aliased t, that the actor sees and that meet the condition: so many at most,
/// in no order. It is found as the keys of a list are. `about` is what the condition says of their records.
std::string first_visible(const Resource& resource, const Actor& who, const std::string& columns,
                          const std::string& condition, int most, db::Params& params,
                          const RecordsNamed& about = {});

}  // namespace tamiti
