#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/db/transaction.hpp"
#include "core/model/field.hpp"

/// Rows on their way into a file: what CSV and XLSX are written of, whatever the rows are.
namespace tamiti {

/// A cell as text and what kind of value that is.
struct Cell {
    enum class Kind : unsigned char { empty, text, number, boolean, moment };
    Kind kind = Kind::empty;
    std::string text{};
};
using Line = std::vector<Cell>;

/// What goes into a file: a statement, and how its rows become lines.
struct Sheet {
    std::vector<std::string> head{};
    std::string sql{};
    std::string
        count_sql{};  ///< how many lines there are, counted up to the most that are allowed and one more
    db::Params params{};
    db::Params count_params{};
    /// Appends the lines of some rows; what these only name is asked for in their transaction.
    std::function<void(const db::Result& rows, db::Transaction& transaction, std::vector<Line>& lines)>
        write{};
};

/// What separates the elements of a list in a cell: no tag and no choice has a comma.
constexpr std::string_view between_elements = ", ";
/// What separates names, which may have commas.
constexpr std::string_view between_labels = "; ";

/// Adds the names of a field's columns; money has a second one, "…_currency".
void add_head(const Field& field, std::vector<std::string>& head);

/// Adds the cells of a stored value, as many as add_head has names.
void add_cells(const Field& field, std::optional<std::string_view> stored, Line& line);

/// A cell of a value in JSON: a text without its quotes, the elements of a list one after the other, an
/// amount with its currency. The field says whether it is a time; it may be null.
Cell cell_of_json(const Field* field, std::string_view json);

/// Refuses (400) parameters that have no meaning where everything comes in one file.
void refuse_in_sheet(const std::vector<std::pair<std::string, std::string>>& query,
                     std::initializer_list<std::string_view> names);

}  // namespace tamiti
