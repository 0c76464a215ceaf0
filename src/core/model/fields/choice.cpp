#include <algorithm>
#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// One of an enum's values, by its name.
class ChoiceType final : public FieldType {
public:
    std::string_view name() const override { return "choice"; }
    std::string column_type(const Field&) const override { return "text"; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override {
        const auto text = read_string(json, path, faults);
        if (!text) return std::nullopt;
        if (std::find(field.choices.begin(), field.choices.end(), *text) != field.choices.end())
            return std::string(*text);
        return refuse(faults, path, "Must be one of " + join(field.choices, ", ") + ".");
    }
    /// As people type it: "Active" means active.
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return accept(field, boost::json::value(folded(text)), path, faults);
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        append_quoted(out, stored);
    }

    boost::json::object schema(const Field& field) const override {
        return {{"type", "string"}, {"enum", boost::json::array(field.choices.begin(), field.choices.end())}};
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, field.choices.empty() ? "" : field.choices.front());
    }
};

}  // namespace

const FieldType& choice_type() {
    static const ChoiceType type;
    return type;
}

}  // namespace tamiti
