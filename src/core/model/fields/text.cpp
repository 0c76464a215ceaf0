#include <boost/json.hpp>

#include <cctype>

#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

bool is_of_host(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte >= 0x80 || std::isalnum(byte) != 0 || letter == '-';
}

/// Whether mail programs could make a link of a part of the text: "https://x", "a@b", "example.com". Initials
/// are none: "J.R. Okello", "R.Okello".
bool holds_address(std::string_view text) {
    if (text.find_first_of("@/\\") != text.npos) return true;
    for (std::size_t at = text.find('.'); at != text.npos; at = text.find('.', at + 1)) {
        std::size_t before = at, after = at + 1;
        while (before > 0 && is_of_host(text[before - 1])) --before;
        while (after < text.size() && is_of_host(text[after])) ++after;
        const bool is_initial = at - before == 1 && at + 1 < text.size() &&
                                std::islower(static_cast<unsigned char>(text[at + 1])) == 0;
        if (at - before > 0 && after - at > 2 && !is_initial) return true;
    }
    return false;
}

/// The value in the form that is unique, as the database computes it.
std::string same(const std::string& value) {
    return "core_same(" + value + ")";
}

/// One line of text. Where it is unique, filters mean what the index means.
class TextType final : public TextLike {
public:
    std::string_view name() const override { return "text"; }

    std::string equals(const Field& field, std::string_view row, int parameter) const override {
        if (!field.rules.unique) return TextLike::equals(field, row, parameter);
        return same(column_of(field, row)) + " = " + same(placeholder(parameter, "text"));
    }
    std::string one_of(const Field& field, std::string_view row, int parameter) const override {
        if (!field.rules.unique) return TextLike::one_of(field, row, parameter);
        return same(column_of(field, row)) + " = ANY(ARRAY(SELECT " + same("one") + " FROM unnest(" +
               placeholder(parameter, "text[]") + ") AS one))";
    }

    std::string example(const Field& field) const override {
        constexpr std::string_view usual = "Launch film";
        return quoted_example(field, usual.substr(0, static_cast<std::size_t>(max_length(field))));
    }

protected:
    int usual_length() const override { return 200; }

    std::optional<std::string> read(const Field& field, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (text.find_first_of("\n\r\t") != text.npos || has_control_characters(text))
            return refuse(faults, path, "Must be one line without tabs or control characters.");
        if (field.rules.names_person && holds_address(text))
            return refuse(faults, path,
                          "A name holds no address of a web site or of mail: leave a blank behind a point.");
        return std::string(text);
    }
};

}  // namespace

const FieldType& text_type() {
    static const TextType type;
    return type;
}

}  // namespace tamiti
