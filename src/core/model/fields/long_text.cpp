#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// Several paragraphs of text.
class LongTextType final : public TextLike {
public:
    std::string_view name() const override { return "long text"; }

    std::string example(const Field& field) const override {
        constexpr std::string_view usual = "A film of two minutes.\n\nShot in Kampala.";
        return quoted_example(field, usual.substr(0, static_cast<std::size_t>(max_length(field))));
    }

protected:
    int usual_length() const override { return 20'000; }
    std::string kept(std::string_view text) const override { return kept_lines(text); }

    std::optional<std::string> read(const Field&, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (has_control_characters(text))
            return refuse(faults, path, "Must have no control characters other than tabs and line breaks.");
        return std::string(text);
    }
};

}  // namespace

const FieldType& long_text_type() {
    static const LongTextType type;
    return type;
}

}  // namespace tamiti
