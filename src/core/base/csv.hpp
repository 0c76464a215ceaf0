#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values (RFC 4180), read strictly and one record at a time.
namespace tamiti {

/// Why a text is no CSV; the sentence names the line.
struct CsvFault : std::runtime_error {
    CsvFault(int at, const std::string& sentence);
    int line;  ///< 1 for the first
};

/// Reads records of a text. Lines end with CR LF or LF; a cell in double quotes may hold separators, line
/// breaks and doubled quotes. Passed over are a UTF-8 byte order mark, a first line that says what separates
/// ("sep=;"), and rows in which nothing stands. Everything else that isn't as it should be throws CsvFault: a
/// quote in the middle of a cell, text behind a closing one, a quote that is never closed, bytes that aren't
/// UTF-8, control characters, cells and records beyond the limits. Cells are text as they stand: "=1+1" stays
/// four characters.
class CsvReader {
public:
    static constexpr std::size_t longest_cell = 10'000;  ///< bytes
    static constexpr std::size_t most_cells = 200;       ///< of a record

    /// The text must live as long as the reader.
    explicit CsvReader(std::string_view text, char separator = ',');

    /// The next record in which something stands, or false at the end of the text.
    bool next(std::vector<std::string>& cells);

    /// The line in which the last record begins.
    int line() const { return record_line_; }

    /// Its row, as a spreadsheet counts: the first is 1, those in which nothing stands count, too.
    int row() const { return row_; }

private:
    bool read_record(std::vector<std::string>& cells);
    void read_cell(std::string& cell);
    void read_quoted(std::string& cell);
    void read_plain(std::string& cell);
    bool skip_line_end();
    bool at_end() const { return place_ >= text_.size(); }
    bool at_line_end() const;
    void check_length(const std::string& cell) const;

    std::string_view text_;
    char separator_;
    std::size_t place_ = 0;
    int line_ = 1;
    int record_line_ = 1;
    int row_ = 0;
};

/// What separates the cells: what a first line of "sep=;" says, a comma, semicolon, tab or bar; otherwise the
/// comma, semicolon or tab of which there are most outside of quotes in the first line in which something
/// stands.
char csv_separator(std::string_view text);

}  // namespace tamiti
