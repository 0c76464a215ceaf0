#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// True or false, and no other spelling of them.
class BooleanType final : public FieldType {
public:
    std::string_view name() const override { return "boolean"; }
    std::string column_type(const Field&) const override { return "boolean"; }
    Match matches() const override { return Match::equal | Match::any; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        if (const auto* truth = json.if_bool()) return *truth ? "true" : "false";
        return refuse(faults, path, "Must be true or false, not " + std::string(kind_of(json)) + ".");
    }
    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        if (text == "true" || text == "false") return std::string(text);
        return refuse(faults, path, "Must be true or false.");
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        out += stored == "t" || stored == "true" ? "true" : "false";
    }

    boost::json::object schema(const Field&) const override { return {{"type", "boolean"}}; }
    std::string example(const Field& field) const override { return json_example(field, "true"); }
};

}  // namespace

const FieldType& boolean_type() {
    static const BooleanType type;
    return type;
}

}  // namespace tamiti
