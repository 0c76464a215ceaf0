#include <boost/json.hpp>

#include "core/base/time.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// A name of the IANA time zone database.
class TimeZoneType final : public FormedText {
public:
    std::string_view name() const override { return "time zone"; }
    Match matches() const override { return Match::equal | Match::any; }

    boost::json::object schema(const Field& field) const override {
        boost::json::object schema = TextLike::schema(field);
        schema["minLength"] = 1;
        schema["description"] = "A name of the IANA time zone database.";
        schema["examples"] = boost::json::array{"Africa/Kampala"};
        return schema;
    }
    std::string example(const Field& field) const override { return quoted_example(field, "Africa/Kampala"); }

protected:
    int usual_length() const override { return 64; }
    // A blank is no zone either: there is no "today" in it.
    std::optional<std::string> read(const Field& field, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (text.empty() && !field.rules.required) return refuse(faults, path, sentence());
        return FormedText::read(field, text, path, faults);
    }
    std::string normalised(std::string_view text, std::string_view) const override {
        return is_time_zone(text) ? std::string(text) : std::string();
    }
    std::string sentence() const override {
        return "Must be a name of the IANA time zone database such as Africa/Kampala.";
    }
};

}  // namespace

const FieldType& time_zone_type() {
    static const TimeZoneType type;
    return type;
}

}  // namespace tamiti
