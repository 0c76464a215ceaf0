#include "core/base/csv.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The line of the first byte for which `is_bad` holds; 0 where there is none.
template <class Bad>
int line_of_first(std::string_view text, Bad is_bad) {
    const auto found = std::find_if(text.begin(), text.end(), is_bad);
    return found == text.end() ? 0 : 1 + static_cast<int>(std::count(text.begin(), found, '\n'));
}

/// What no text has, in whatever encoding it should be.
void check_bytes(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw CsvFault(1, "the text is UTF-16; save it as CSV UTF-8");
    const int nul = line_of_first(text, [](char c) { return c == '\0'; });
    if (nul > 0) throw CsvFault(nul, "there is a NUL byte; save it as CSV UTF-8");
    const int control = line_of_first(
        text, [](char c) { return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f; });
    if (control > 0) throw CsvFault(control, "there is a control character");
    if (is_utf8(text)) return;
    int line = 1;
    for (std::string_view each : split(text, '\n')) {
        if (!is_utf8(each)) break;
        ++line;
    }
    throw CsvFault(line, "the text is not UTF-8; save it as CSV UTF-8");
}

std::string_view without_mark(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

/// A first line that says what separates: "sep=;".
struct SeparatorLine {
    char separator = 0;      ///< 0 where there is no such line
    std::size_t length = 0;  ///< with its end
};

SeparatorLine separator_line(std::string_view text) {
    if (text.size() < 5 || lower(text.substr(0, 4)) != "sep=" ||
        std::string_view(",;\t|").find(text[4]) == std::string_view::npos)
        return {};
    const std::string_view rest = text.substr(5);
    if (rest.empty()) return {text[4], 5};
    if (rest.starts_with('\n')) return {text[4], 6};
    if (rest.starts_with("\r\n")) return {text[4], 7};
    return {};
}

bool is_blank(const std::vector<std::string>& cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [](const std::string& cell) { return trim(cell).empty(); });
}

}  // namespace

CsvFault::CsvFault(int at, const std::string& sentence)
    : std::runtime_error("Line " + std::to_string(at) + ": " + sentence + "."), line(at) {}

CsvReader::CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {
    check_bytes(text_);
    text_ = without_mark(text_);
    if (const std::size_t length = separator_line(text_).length; length > 0) {
        text_.remove_prefix(length);
        ++line_;
    }
}

bool CsvReader::next(std::vector<std::string>& cells) {
    do {
        if (!read_record(cells)) return false;
        ++row_;
    } while (is_blank(cells));
    return true;
}

bool CsvReader::read_record(std::vector<std::string>& cells) {
    cells.clear();
    record_line_ = line_;
    if (at_end()) return false;
    for (;;) {
        if (cells.size() == most_cells)
            throw CsvFault(line_, "there are more than " + std::to_string(most_cells) + " cells");
        read_cell(cells.emplace_back());
        if (at_end() || skip_line_end()) return true;
        ++place_;  // the separator: a cell ends with nothing else
    }
}

bool CsvReader::at_line_end() const {
    return text_[place_] == '\n' || text_.substr(place_, 2) == "\r\n";
}

bool CsvReader::skip_line_end() {
    if (!at_line_end()) return false;
    place_ += text_[place_] == '\n' ? 1 : 2;
    ++line_;
    return true;
}

void CsvReader::read_cell(std::string& cell) {
    if (!at_end() && text_[place_] == '"')
        read_quoted(cell);
    else
        read_plain(cell);
}

void CsvReader::read_plain(std::string& cell) {
    while (!at_end() && text_[place_] != separator_ && !at_line_end()) {
        const char c = text_[place_++];
        if (c == '"')
            throw CsvFault(line_,
                           "a quote in a cell without quotes; put the cell in quotes, double the quote");
        if (c == '\r') throw CsvFault(line_, "a line ends with CR alone; use LF or CR LF");
        cell += c;
    }
    check_length(cell);
}

void CsvReader::read_quoted(std::string& cell) {
    const int opened = line_;
    ++place_;
    for (;;) {
        const std::size_t quote = text_.find('"', place_);
        if (quote == std::string_view::npos) throw CsvFault(opened, "a quote is opened and never closed");
        const std::string_view part = text_.substr(place_, quote - place_);
        cell += part;
        check_length(cell);
        line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
        place_ = quote + 1;
        if (at_end() || text_[place_] != '"') break;
        cell += '"';
        ++place_;
    }
    if (!at_end() && text_[place_] != separator_ && !at_line_end())
        throw CsvFault(line_, "there is text behind a closing quote");
}

void CsvReader::check_length(const std::string& cell) const {
    if (cell.size() > longest_cell)
        throw CsvFault(line_, "a cell has more than " + std::to_string(longest_cell) + " bytes");
}

char csv_separator(std::string_view text) {
    text = without_mark(text);
    if (const char said = separator_line(text).separator) return said;
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false, begun = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (c == '\n' && begun && !quoted) break;
        begun = begun || std::string_view(",; \t\r\n").find(c) == std::string_view::npos;
        if (c == '\n' && !begun) commas = semicolons = tabs = 0;
        if (quoted) continue;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    if (commas >= semicolons && commas >= tabs) return ',';
    return semicolons >= tabs ? ';' : '\t';
}

}  // namespace tamiti
