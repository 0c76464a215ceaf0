#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "core/api/export.hpp"
#include "core/base/log.hpp"

namespace tamiti::api {
namespace {

constexpr std::size_t longest_cell = 32'767;  // characters, Excel's limit
constexpr std::string_view escaped_underscore = "_x005F_";
constexpr int exact_digits = 15;  // of the numbers that a spreadsheet keeps

bool is_hexadecimal(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Whether a reader would take the text for a character by its number: "_x0041_" is A in a spreadsheet.
bool begins_escape(std::string_view text) {
    return text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
           std::all_of(text.begin() + 2, text.begin() + 6, is_hexadecimal);
}

/// The first 32,766 characters and an ellipsis where there are more, without what XML can't hold. What looks
/// like an escape has its first character escaped, so that it stays what it is.
std::string fitting(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f) continue;
        if (text.substr(i).starts_with("\xef\xbf\xbe") || text.substr(i).starts_with("\xef\xbf\xbf")) {
            i += 2;
            continue;
        }
        const bool begins_character = (byte & 0xc0) != 0x80;
        // One beyond the basic plane counts as two in Excel.
        if (begins_character) characters += byte >= 0xf0 ? 2 : 1;
        const bool is_escape = begins_escape(text.substr(i));
        if (is_escape) characters += escaped_underscore.size() - 1;
        if (characters >= longest_cell && begins_character) return kept + "\xe2\x80\xa6";
        if (is_escape)
            kept += escaped_underscore;
        else
            kept += text[i];
    }
    return kept;
}

std::optional<int> number_in(std::string_view text, std::size_t at, std::size_t length) {
    int number = 0;
    if (text.size() < at + length) return std::nullopt;
    const char* end = text.data() + at + length;
    const auto [stop, error] = std::from_chars(text.data() + at, end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

/// A date or an instant in UTC as JSON has it: "2026-11-22", "2026-11-22T09:30:00.123Z". Nothing before 1900,
/// where a spreadsheet's calendar begins.
std::optional<lxw_datetime> moment_of(std::string_view text) {
    const auto year = number_in(text, 0, 4), month = number_in(text, 5, 2), day = number_in(text, 8, 2);
    if (!year || !month || !day || *year < 1900 || text.front() == '-') return std::nullopt;
    lxw_datetime moment{};
    moment.year = *year;
    moment.month = *month;
    moment.day = *day;
    if (text.size() > 10) {
        const auto hour = number_in(text, 11, 2), minute = number_in(text, 14, 2),
                   second = number_in(text, 17, 2);
        if (!hour || !minute || !second) return std::nullopt;
        moment.hour = *hour;
        moment.min = *minute;
        moment.sec = *second;
    }
    return moment;
}

/// The number in the text where a spreadsheet keeps all its digits.
std::optional<double> exact_number(std::string_view text) {
    int digits = 0;
    bool significant = false;
    for (const char letter : text) {
        if (letter >= '1' && letter <= '9') significant = true;
        if (significant && letter >= '0' && letter <= '9') ++digits;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole && digits <= exact_digits ? std::optional(number) : std::nullopt;
}

/// One workbook with one sheet, which libxlsxwriter writes row by row into a file without a name.
class Workbook {
public:
    Workbook(const std::string& path, const std::string& name) : folder_(NamelessFile::folder()) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = folder_.data();
        book_ = workbook_new_opt(path.c_str(), &options);
        // A sheet's name has 31 characters at most, and none of these.
        std::string title = name.substr(0, 31);
        for (char& letter : title)
            if (std::string_view("[]:*?/\\'").find(letter) != std::string_view::npos) letter = ' ';
        sheet_ = book_ ? workbook_add_worksheet(book_, title.c_str()) : nullptr;
        if (!sheet_) fail(LXW_ERROR_MEMORY_MALLOC_FAILED);
        head_ = workbook_add_format(book_);
        format_set_bold(head_);
        date_ = number_format("yyyy-mm-dd");
        time_ = number_format("yyyy-mm-dd hh:mm:ss");
        for (std::size_t digits = 0; digits < decimals_.size(); ++digits)
            decimals_[digits] = number_format(digits == 0 ? "0" : "0." + std::string(digits, '0'));
        worksheet_freeze_panes(sheet_, 1, 0);
    }
    ~Workbook() {
        if (book_) workbook_close(book_);
    }
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;

    void head(const std::string& name) {
        worksheet_set_column(sheet_, column_, column_, 18, nullptr);
        check(worksheet_write_string(sheet_, row_, column_++, fitting(name).c_str(), head_));
    }
    void next_row() {
        ++row_;
        column_ = 0;
    }
    void skip() { ++column_; }
    void text(std::string_view given) {
        check(worksheet_write_string(sheet_, row_, column_++, fitting(given).c_str(), nullptr));
    }
    void boolean(bool value) { check(worksheet_write_boolean(sheet_, row_, column_++, value, nullptr)); }
    void number(std::string_view given) {
        const auto exact = exact_number(given);
        if (!exact) return text(given);
        const std::size_t point = given.find('.');
        const std::size_t digits = point == given.npos ? 0 : given.size() - point - 1;
        lxw_format* format = decimals_[std::min(digits, decimals_.size() - 1)];
        check(worksheet_write_number(sheet_, row_, column_++, *exact, format));
    }
    void moment(std::string_view given) {
        auto found = moment_of(given);
        if (!found) return text(given);
        check(worksheet_write_datetime(sheet_, row_, column_++, &*found, given.size() > 10 ? time_ : date_));
    }
    void close() {
        const lxw_error error = workbook_close(std::exchange(book_, nullptr));
        check(error);
    }

private:
    lxw_format* number_format(const std::string& pattern) {
        lxw_format* format = workbook_add_format(book_);
        format_set_num_format(format, pattern.c_str());
        return format;
    }
    void check(lxw_error error) {
        if (error != LXW_NO_ERROR) fail(error);
    }
    [[noreturn]] void fail(lxw_error error) {
        log::error("export.xlsx_failed", {{"why", lxw_strerror(error)}});
        throw storage_full();
    }

    std::string folder_;
    lxw_workbook* book_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format *head_ = nullptr, *date_ = nullptr, *time_ = nullptr;
    std::array<lxw_format*, 10> decimals_{};
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
};

void write_cell(Workbook& book, const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::empty:
            return book.skip();
        case Cell::Kind::text:
            return book.text(cell.text);
        case Cell::Kind::number:
            return book.number(cell.text);
        case Cell::Kind::boolean:
            return book.boolean(cell.text == "true");
        case Cell::Kind::moment:
            return book.moment(cell.text);
    }
}

}  // namespace

void write_xlsx(const std::vector<std::string>& head, ExportLines& lines, const std::string& title,
                const NamelessFile& file) {
    Workbook book(file.path(), title);
    for (const std::string& name : head) book.head(name);
    for (std::vector<Line> some = lines.next(); !some.empty(); some = lines.next()) {
        for (const Line& line : some) {
            book.next_row();
            for (const Cell& cell : line) write_cell(book, cell);
        }
    }
    book.close();
}

}  // namespace tamiti::api
