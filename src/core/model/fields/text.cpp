#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// One line of text.
class TextType final : public TextLike {
public:
    std::string_view name() const override { return "text"; }

    std::string example(const Field& field) const override {
        constexpr std::string_view usual = "Launch film";
        return quoted_example(field, usual.substr(0, static_cast<std::size_t>(max_length(field))));
    }

protected:
    int usual_length() const override { return 200; }

    std::optional<std::string> read(const Field&, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (text.find_first_of("\n\r\t") != text.npos || has_control_characters(text))
            return refuse(faults, path, "Must be one line without tabs or control characters.");
        return std::string(text);
    }
};

}  // namespace

const FieldType& text_type() {
    static const TextType type;
    return type;
}

}  // namespace tamiti
