#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/numbers.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// A whole number of 64 bits. Of JSON a number without a fraction, 1.0 as well as 1; "1" is refused.
class IntegerType final : public FieldType {
public:
    std::string_view name() const override { return "integer"; }
    std::string column_type(const Field&) const override { return "bigint"; }
    Match matches() const override { return Match::equal | Match::any | Match::range; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override {
        return accept_integer(json, limits_of(field), path, faults);
    }
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return accept_integer_text(text, limits_of(field), path, faults);
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override { out += stored; }

    boost::json::object schema(const Field& field) const override { return integer_schema(limits_of(field)); }
    std::string example(const Field& field) const override {
        return integer_example(field, limits_of(field), 1);
    }
};

}  // namespace

const FieldType& integer_type() {
    static const IntegerType type;
    return type;
}

}  // namespace tamiti
