#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"

using namespace tamiti;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

using Records = std::vector<std::vector<std::string>>;

Records read(std::string_view text, char separator) {
    CsvReader reader(text, separator);
    Records records;
    std::vector<std::string> cells;
    int line = 0;
    while (reader.next(cells)) {
        require(reader.line() > line);
        line = reader.line();
        require(!cells.empty() && cells.size() <= CsvReader::most_cells);
        for (const std::string& cell : cells)
            require(cell.size() <= CsvReader::longest_cell && is_utf8(cell) &&
                    cell.find('\0') == std::string::npos);
        records.push_back(cells);
    }
    return records;
}

std::string written(const Records& records) {
    std::string text;
    for (const auto& cells : records) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += i == 0 ? "\"" : ",\"";
            for (char c : cells[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
            text += '"';
        }
        text += "\r\n";
    }
    return text;
}

}  // namespace

/// What is read and written again reads the same; what is refused is refused with a sentence that names a
/// line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const Records records = read(text, csv_separator(text));
        require(read(written(records), ',') == records);
    } catch (const CsvFault& fault) {
        const std::string_view sentence = fault.what();
        require(fault.line >= 1 && sentence.starts_with("Line ") && sentence.ends_with('.'));
    }
    return 0;
}
