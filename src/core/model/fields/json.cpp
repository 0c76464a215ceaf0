#include "core/base/json.hpp"

#include <boost/json.hpp>

#include "core/base/problem.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr std::size_t length_limit = 65'536;

/// A JSON object or array of any shape.
class JsonType final : public FieldType {
public:
    std::string_view name() const override { return "JSON"; }
    std::string column_type(const Field&) const override { return "jsonb"; }
    Match matches() const override { return Match::none; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        if (!json.is_structured())
            return refuse(faults, path,
                          "Must be an object or a list, not " + std::string(kind_of(json)) + ".");
        std::string text = json::text_of(json);
        if (text.size() <= length_limit) return text;
        return refuse(faults, path,
                      "Must be at most 65536 bytes of JSON text without blanks, not " +
                          std::to_string(text.size()) + ".");
    }
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        try {
            return accept(field, json::parse(text), path, faults);
        } catch (const Problem& problem) {
            return refuse(faults, path, problem.detail());
        }
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override { out += stored; }
    bool is_empty(std::string_view stored) const override {
        return stored.empty() || stored == "{}" || stored == "[]";
    }

    boost::json::object schema(const Field& field) const override {
        boost::json::object schema{{"type", boost::json::array{"object", "array"}}};
        if (field.rules.required) {
            schema["minProperties"] = 1;
            schema["minItems"] = 1;
        }
        return schema;
    }
    std::string example(const Field& field) const override {
        return json_example(field, R"({"colour":"blue"})");
    }
};

}  // namespace

const FieldType& json_type() {
    static const JsonType type;
    return type;
}

}  // namespace tamiti
