#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/numbers.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// A length of time in whole seconds, never negative.
class DurationType final : public FieldType {
public:
    std::string_view name() const override { return "duration"; }
    std::string column_type(const Field&) const override { return "bigint"; }
    Match matches() const override { return Match::equal | Match::any | Match::range; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override {
        if (!json.is_number())
            return refuse(faults, path,
                          "Must be a whole number of seconds, not " + std::string(kind_of(json)) + ".");
        return accept_integer(json, limits_of(field, type_limits), path, faults);
    }
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return accept_integer_text(text, limits_of(field, type_limits), path, faults);
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override { out += stored; }

    boost::json::object schema(const Field& field) const override {
        boost::json::object schema = integer_schema(limits_of(field, type_limits));
        schema["description"] = "Seconds.";
        return schema;
    }
    std::string example(const Field& field) const override {
        return integer_example(field, limits_of(field, type_limits), 3600);
    }

private:
    static constexpr IntegerLimits type_limits{0, INT64_MAX};
};

}  // namespace

const FieldType& duration_type() {
    static const DurationType type;
    return type;
}

}  // namespace tamiti
