#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// Reading a spreadsheet of people: columns, cells, and what is wrong with them.
namespace tamiti::people {

/// Which field a column fills; empty for none.
struct Column {
    std::string name;
    std::string field;
};

/// What is wrong with one cell.
struct CellFault {
    int row;  ///< as the spreadsheet counts: the head is 1
    std::string column;
    std::string field;
    std::string message;
};

/// A spreadsheet that was read: an invitation for each row without a fault.
struct ReadSheet {
    std::vector<Column> columns{};
    int rows = 0;
    std::vector<users::Invitation> invitations{};
    std::vector<int> row_of{};  ///< of each invitation
    std::vector<CellFault> faults{};
};

constexpr int most_rows = 1000;

/// What columns can fill: fields of an invitation.
std::vector<std::string> import_fields();

/// Whether a column can fill that field.
bool is_import_field(std::string_view name);

/// Reads the text by the mapping (empty: columns are found by their names). A text that is no CSV, a column
/// that nothing is known of and more than `most_rows` rows are an Invalid that names what would be right.
ReadSheet read_sheet(ReadTx& tx, const Actor& who, const std::string& csv,
                     const std::map<std::string, std::string>& mapping);

}  // namespace tamiti::people
