#include <boost/json.hpp>

#include "core/access/actor.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/moments.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// A day of the calendar.
class DateType final : public FieldType {
public:
    std::string_view name() const override { return "date"; }
    std::string column_type(const Field&) const override { return "date"; }
    Match matches() const override { return Match::equal | Match::any | Match::range; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        const auto text = read_string(json, path, faults);
        if (!text) return std::nullopt;
        if (parse_date(*text)) return std::string(*text);
        return refuse(faults, path, "Must be a day of the calendar such as 2026-02-03.");
    }
    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override {
        if (const auto day = read_day(text, who.time_zone)) return format(*day);
        if (std::string fault = distance_fault(text, who.time_zone); !fault.empty())
            return refuse(faults, path, std::move(fault));
        return refuse(faults, path,
                      "Must be a day such as 2026-02-03, today, today+7d, today-1w or today+1m.");
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        append_quoted(out, stored);
    }

    boost::json::object schema(const Field&) const override {
        return {{"type", "string"}, {"format", "date"}};
    }
    std::string example(const Field& field) const override { return quoted_example(field, "2026-02-03"); }
};

}  // namespace

const FieldType& date_type() {
    static const DateType type;
    return type;
}

}  // namespace tamiti
