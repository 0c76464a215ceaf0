#include <algorithm>
#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/fields/lists.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// Several of an enum's values, each once, kept in the enum's order.
class ChoiceSetType final : public ListLike {
public:
    std::string_view name() const override { return "set of choices"; }

    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return read(field, folded(text), path, faults);
    }

protected:
    std::string_view element_type() const override { return "text"; }
    std::size_t limit(const Field& field) const override { return field.choices.size(); }
    std::optional<std::string> read(const Field& field, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end())
            return std::string(text);
        return refuse(faults, path, "Must be one of " + join(field.choices, ", ") + ".");
    }
    void arrange(const Field& field, std::vector<std::string>& values) const override {
        const auto position = [&](const std::string& value) {
            return std::find(field.choices.begin(), field.choices.end(), value);
        };
        std::sort(values.begin(), values.end(),
                  [&](const auto& a, const auto& b) { return position(a) < position(b); });
    }
    boost::json::object element_schema(const Field& field) const override {
        return {{"type", "string"}, {"enum", boost::json::array(field.choices.begin(), field.choices.end())}};
    }
    std::string element_example(const Field& field) const override {
        return field.choices.empty() ? "" : field.choices.front();
    }
};

}  // namespace

const FieldType& choice_set_type() {
    static const ChoiceSetType type;
    return type;
}

}  // namespace tamiti
