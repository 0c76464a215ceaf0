#include "core/model/fields/json_forms.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/model/derived.hpp"

namespace tamiti {

std::string_view kind_of(const boost::json::value& json) {
    switch (json.kind()) {
        case boost::json::kind::null:
            return "null";
        case boost::json::kind::bool_:
            return json.get_bool() ? "true" : "false";
        case boost::json::kind::string:
            return "a string";
        case boost::json::kind::array:
            return "a list";
        case boost::json::kind::object:
            return "an object";
        default:
            return "a number";
    }
}

std::nullopt_t refuse(Faults& faults, const std::string& path, std::string sentence) {
    faults.add(path, std::move(sentence));
    return std::nullopt;
}

std::optional<std::string_view> read_string(const boost::json::value& json, const std::string& path,
                                            Faults& faults) {
    if (const auto* text = json.if_string()) return std::string_view(text->data(), text->size());
    return refuse(faults, path, "Must be a string, not " + std::string(kind_of(json)) + ".");
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    out += text;
    out += '"';
}

std::string quoted_example(const Field& field, std::string_view usual) {
    std::string out;
    json::append_string(out, field.rules.example ? std::string_view(field.rules.example) : usual);
    return out;
}

std::string json_example(const Field& field, std::string_view usual) {
    return std::string(field.rules.example ? std::string_view(field.rules.example) : usual);
}

std::string column_of(const Field& field, std::string_view row) {
    if (field.is_derived()) return derived_value(field, row);
    return row.empty() ? field.name : std::string(row) + "." + field.name;
}

std::string placeholder(int parameter, std::string_view type) {
    return "$" + std::to_string(parameter) + "::" + std::string(type);
}

}  // namespace tamiti
