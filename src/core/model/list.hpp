#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/catalogue.hpp"
#include "core/model/output.hpp"
#include "core/model/search.hpp"

/// Lists: reading `?status=active&ordering=-due_on&search=film&page=2` and turning it into one statement.
namespace tamiti {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// How the number of rows is found.
enum class Count : unsigned char { automatic, exact, estimated, none };

/// One key of an ordering.
struct OrderKey {
    const Field* field;
    bool descending = false;
};

/// A list request, checked against the model and what the actor may read.
struct ListRequest {
    std::vector<std::pair<std::string, std::string>> filters{};  ///< name with its operator, value
    std::vector<OrderKey> order{};                               ///< with a unique tail
    bool order_is_given = false;
    std::string search{};
    std::optional<std::string> cursor{};  ///< present, perhaps empty: keyset paging
    int page = 1;
    int page_size = 25;
    Count count = Count::automatic;
    Selection selection{};
};

/// Reads the query. An unknown filter, ordering or option is a Problem (400) that names those which exist.
ListRequest read_list_request(const Model& model, const Actor& who, const QueryPairs& query);

/// Reads `fields`, `expand` and `can` of a single row's query; anything else is refused.
Selection read_selection(const QueryPairs& query);

/// Whether a parameter of a list says which rows are meant; the others say how they are shown.
bool says_which_rows(std::string_view parameter);

/// Splits a comma-separated parameter.
std::vector<std::string> names_in(std::string_view text);

/// "ordering" text to keys, as in a model's default order; `who` null trusts the text.
std::vector<OrderKey> read_order(const Model& model, const Actor* who, std::string_view text);

/// The conditions of the filters over the row aliased t, joined by AND; empty for none. Among the filters
/// are or= and not=, whose conditions are made of filters of the same names: core/model/conditions.hpp.
std::string filter_conditions(const Catalogue& catalogue, const Model& model, const Actor& who,
                              const std::vector<std::pair<std::string, std::string>>& filters,
                              db::Params& params);

constexpr std::size_t most_filters = 20;  ///< that a list takes, those in conditions among them

/// What stands behind the name of a filter: "in", "lt"; whether it is one of these, and whether it takes
/// several values.
std::vector<std::string> filter_operators();
bool is_filter_operator(std::string_view word);
bool takes_several(std::string_view filter_operator);

/// Names of all filters that the actor may use, for messages and the documentation.
std::vector<std::string> filter_names(const Model& model, const Actor* who);

/// An opaque place in an ordering: the keys of the last row that was shown, sealed with the site's key so
/// that a forged or foreign cursor is refused.
std::string seal_cursor(const Site& site, const Model& model, const std::vector<OrderKey>& order,
                        const Actor& who, const std::vector<std::optional<std::string>>& keys);
std::vector<std::optional<std::string>> open_cursor(const Site& site, const Model& model,
                                                    const std::vector<OrderKey>& order, const Actor& who,
                                                    std::string_view cursor);

/// "comes after these keys" in that ordering.
std::string after_condition(const std::vector<OrderKey>& order,
                            const std::vector<std::optional<std::string>>& keys, db::Params& params);

/// What rows, aliased t, are ordered by; choices have the order in which they are declared, and text the one
/// of people's alphabets (an ICU collation), which its indexes have too.
std::string order_value(const OrderKey& key);
/// The same of a value of the field that stands elsewhere.
std::string order_value(const Field& field, const std::string& operand);

/// What stands behind a value in an ORDER BY: what is nothing comes last in both directions.
std::string direction_of(const OrderKey& key);

/// ORDER BY text, without the words.
std::string order_clause(const std::vector<OrderKey>& order);

/// The address of another page: `query` with that parameter changed.
std::string page_link(std::string_view path, const QueryPairs& query, std::string_view name,
                      const std::string& value);

/// Runs a list request and writes `{"count", "next", "previous", "results"}` to `out`. `path` is what the
/// links begin with.
void list(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
          std::string_view path, std::string& out);

/// The ids, in their order, of the rows that a list of these filters, conditions and search has: of no more
/// than `most`, and one more where there are others. A search finds words alone. Parameters that don't say
/// which rows are meant are a Problem (400).
std::vector<Uuid> found_ids(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
                            int most);

/// Writes one visible row, or one in the trash where the selection asks for that; answers its version. Not
/// visible is NotFound.
std::int64_t read(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                  const Selection& selection, std::string& out);

}  // namespace tamiti
