#include "core/model/sheet.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/problem.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

std::string plain(const json::value& json) {
    if (const auto* text = json.if_string()) return {text->data(), text->size()};
    const auto* list = json.if_array();
    if (!list) return json.is_null() ? std::string() : json::text_of(json);
    std::string text;
    for (const auto& element : *list) {
        if (!text.empty()) text += between_elements;
        text += plain(element);
    }
    return text;
}

/// The text of a JSON value. A document stays the text that it is: its numbers may have more digits than a
/// reader of them keeps.
std::string text_of_json(std::string_view json) {
    const bool is_string = json.size() >= 2 && json.front() == '"' && json.back() == '"';
    if (is_string && json.find('\\') == json.npos) return std::string(json.substr(1, json.size() - 2));
    if (is_string || json.starts_with('[')) return plain(json::parse(json));
    return json == "null" ? std::string() : std::string(json);
}

std::string json_of(const Field& field, std::string_view stored) {
    std::string json;
    field.type->write_json(field, stored, json);
    return json;
}

std::pair<std::string, std::string> amount_and_currency(std::string_view json) {
    const json::value value = json::parse(json);
    return {plain(value.at("amount")), plain(value.at("currency"))};
}

Cell::Kind kind_of(const Field& field) {
    if (field.type == &integer_type() || field.type == &decimal_type() || field.type == &duration_type())
        return Cell::Kind::number;
    if (field.type == &boolean_type()) return Cell::Kind::boolean;
    if (field.type == &date_type() || field.type == &timestamp_type()) return Cell::Kind::moment;
    return Cell::Kind::text;
}

Cell cell(Cell::Kind kind, std::string text) {
    if (text.empty()) return {};
    return {.kind = kind, .text = std::move(text)};
}

}  // namespace

void add_head(const Field& field, std::vector<std::string>& head) {
    head.push_back(field.name);
    if (field.type == &money_type()) head.push_back(field.name + "_currency");
}

void add_cells(const Field& field, std::optional<std::string_view> stored, Line& line) {
    if (field.type == &money_type()) {
        const auto [amount, currency] =
            stored ? amount_and_currency(json_of(field, *stored)) : std::pair<std::string, std::string>();
        line.push_back(cell(Cell::Kind::number, amount));
        line.push_back(cell(Cell::Kind::text, currency));
    } else if (!stored) {
        line.emplace_back();
    } else if (field.type == &json_type()) {
        line.push_back(cell(Cell::Kind::text, std::string(*stored)));
    } else {
        line.push_back(cell(kind_of(field), text_of_json(json_of(field, *stored))));
    }
}

Cell cell_of_json(const Field* field, std::string_view json) {
    if (json == "null") return {};
    if (field && field->type == &money_type() && json.starts_with('{')) {
        const auto [amount, currency] = amount_and_currency(json);
        return cell(Cell::Kind::text, amount + " " + currency);
    }
    if (json == "true" || json == "false") return cell(Cell::Kind::boolean, std::string(json));
    const bool is_moment = field && kind_of(*field) == Cell::Kind::moment;
    const bool is_number =
        !json.empty() && (json.front() == '-' || (json.front() >= '0' && json.front() <= '9'));
    return cell(is_moment   ? Cell::Kind::moment
                : is_number ? Cell::Kind::number
                            : Cell::Kind::text,
                text_of_json(json));
}

void refuse_in_sheet(const std::vector<std::pair<std::string, std::string>>& query,
                     std::initializer_list<std::string_view> names) {
    for (const auto& [name, value] : query) {
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        const std::string sentence = "An export has all rows and their own fields: leave out " + name + ".";
        throw Malformed("http.bad_parameter", sentence).with({{name, sentence}});
    }
}

}  // namespace tamiti
