#include "core/model/fields/texts.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"

namespace tamiti {

std::string TextLike::kept(std::string_view text) const {
    return kept_line(text);
}

// The one gate of text: whatever is read of a body, an address, a spreadsheet or a command comes through
// here.
std::optional<std::string> TextLike::check(const Field& field, std::string_view text, const std::string& path,
                                           Faults& faults) const {
    const auto limit = static_cast<std::size_t>(max_length(field));
    const bool is_far_too_long = text.size() > 16 * limit + 1024;  // is not worth the work
    const std::string line = field.rules.verbatim || is_far_too_long ? std::string(text) : kept(text);
    const auto length = count_characters(line);
    if (length > limit) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(limit) + " characters, not " +
                          std::to_string(length) + ".");
    }
    return read(field, line, path, faults);
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
    return !is_visible(stored);
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
    if (text.empty() && (may_be_blank(field) || field.rules.required)) return "";
    std::string normal = normalised(text, faults.calling_code());
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
