#include <algorithm>
#include <array>

#include "core/api/export.hpp"

namespace tamiti::api {
namespace {

/// What begins a formula in one of the usual spreadsheets, also in the full width that some of them fold.
constexpr std::array<std::string_view, 11> formula_starts = {
    "=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

void append_cell(std::string& out, const Cell& cell) {
    const std::string_view text = cell.text;
    const auto begins = [&](std::string_view start) { return text.starts_with(start); };
    const bool is_formula =
        cell.kind != Cell::Kind::number && std::any_of(formula_starts.begin(), formula_starts.end(), begins);
    if (!is_formula && text.find_first_of("\",\r\n") == text.npos) {
        out += text;
        return;
    }
    out += '"';
    if (is_formula) out += '\'';
    for (const char letter : text) {
        if (letter == '"') out += '"';
        out += letter;
    }
    out += '"';
}

}  // namespace

void write_csv(const std::vector<std::string>& head, ExportLines& lines, NamelessFile& file) {
    std::string part;
    for (const std::string& name : head) {
        if (&name != &head.front()) part += ',';
        part += name;
    }
    part += "\r\n";
    for (std::vector<Line> some = lines.next(); !some.empty(); some = lines.next()) {
        for (const Line& line : some) {
            for (const Cell& cell : line) {
                if (&cell != &line.front()) part += ',';
                append_cell(part, cell);
            }
            part += "\r\n";
        }
        file.write(part);
        part.clear();
    }
    file.write(part);
}

}  // namespace tamiti::api
