#include <array>
#include <boost/json.hpp>

#include "core/api/export.hpp"
#include "core/base/json.hpp"
#include "core/model/member.hpp"

namespace tamiti::api {
namespace {

/// What begins a formula in one of the usual spreadsheets, also in the full width that some of them fold.
constexpr std::array<std::string_view, 11> formula_starts = {
    "=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

bool is_number(const Field& field) {
    return field.type == &integer_type() || field.type == &decimal_type() || field.type == &duration_type();
}

void append_cell(std::string& out, std::string_view text, bool may_be_formula) {
    bool is_formula = false;
    if (may_be_formula)
        for (const std::string_view start : formula_starts)
            is_formula = is_formula || text.starts_with(start);
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

std::string plain(const boost::json::value& json) {
    if (const auto* text = json.if_string()) return {text->data(), text->size()};
    const auto* list = json.if_array();
    if (!list) return json.is_null() ? std::string() : json::text_of(json);
    std::string text;
    for (const auto& element : *list) {
        if (!text.empty()) text += "; ";
        text += plain(element);
    }
    return text;
}

}  // namespace

std::string cell_text(const Field& field, std::string_view stored) {
    std::string json;
    field.type->write_json(field, stored, json);
    const bool is_string = json.size() >= 2 && json.front() == '"' && json.back() == '"';
    if (is_string && json.find('\\') == json.npos) return json.substr(1, json.size() - 2);
    // A document stays the text that it is: its numbers may have more digits than a reader of them keeps.
    if (field.type == &json_type()) return std::string(stored);
    if (is_string || json.starts_with('[')) return plain(json::parse(json));
    return json;
}

std::pair<std::string, std::string> money_cells(const Field& field, std::string_view stored) {
    std::string json;
    field.type->write_json(field, stored, json);
    const boost::json::value value = json::parse(json);
    return {plain(value.at("amount")), plain(value.at("currency"))};
}

void write_csv_head(const std::vector<const Field*>& fields, std::string& out) {
    for (const Field* field : fields) {
        if (field != fields.front()) out += ',';
        out += field->name;
        if (field->type == &money_type()) out += "," + field->name + "_currency";
    }
    out += "\r\n";
}

void write_csv_row(const std::vector<const Field*>& fields, const db::Row& row, std::string& out) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Field& field = *fields[i];
        if (i > 0) out += ',';
        const auto stored = row.optional_text(static_cast<int>(i));
        if (field.type == &money_type()) {
            const auto [amount, currency] =
                stored ? money_cells(field, *stored) : std::pair<std::string, std::string>();
            append_cell(out, amount, false);
            out += ',';
            append_cell(out, currency, true);
        } else if (stored) {
            append_cell(out, cell_text(field, *stored), !is_number(field));
        }
    }
    out += "\r\n";
}

}  // namespace tamiti::api
