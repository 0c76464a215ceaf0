#include "core/model/fields/texts.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

namespace tamiti {

std::optional<std::string> TextLike::check(const Field& field, std::string_view text, const std::string& path,
                                           Faults& faults) const {
    const auto length = count_characters(text);
    const auto limit = static_cast<std::size_t>(max_length(field));
    if (length > limit) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(limit) + " characters, not " +
                          std::to_string(length) + ".");
    }
    return read(field, text, path, faults);
}

std::optional<std::string> TextLike::accept(const Field& field, const boost::json::value& json,
                                            const std::string& path, Faults& faults) const {
    const auto text = read_string(json, path, faults);
    if (!text) return std::nullopt;
    return check(field, *text, path, faults);
}

std::optional<std::string> TextLike::accept_text(const Field& field, std::string_view text, const Actor&,
                                                 const std::string& path, Faults& faults) const {
    if (!is_utf8(text)) return refuse(faults, path, "Must be UTF-8.");
    return check(field, text, path, faults);
}

void TextLike::write_json(const Field&, std::string_view stored, std::string& out) const {
    json::append_string(out, stored);
}

bool TextLike::is_empty(std::string_view stored) const {
    return trim(stored).empty();
}

boost::json::object TextLike::schema(const Field& field) const {
    boost::json::object schema{{"type", "string"}};
    if (field.rules.required) schema["minLength"] = 1;
    schema["maxLength"] = max_length(field);
    return schema;
}

std::optional<std::string> FormedText::read(const Field& field, std::string_view text,
                                            const std::string& path, Faults& faults) const {
    // Of a required field the caller says that it is missing: the better sentence.
    if (trim(text).empty() && (may_be_blank(field) || field.rules.required)) return "";
    std::string normal = normalised(text);
    if (normal.empty()) return refuse(faults, path, sentence());
    // Escapes can make it longer than what was typed.
    if (normal.size() > static_cast<std::size_t>(max_length(field))) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(max_length(field)) + " characters, and as " +
                          normal + " it has " + std::to_string(normal.size()) + ".");
    }
    return normal;
}

}  // namespace tamiti
