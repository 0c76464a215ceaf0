#include <boost/json.hpp>

#include "core/access/actor.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/moments.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// An instant. Any offset is taken; UTC is kept and answered.
class TimestampType final : public FieldType {
public:
    std::string_view name() const override { return "timestamp"; }
    std::string column_type(const Field&) const override { return "timestamp with time zone"; }
    Match matches() const override { return Match::equal | Match::any | Match::range; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        const auto text = read_string(json, path, faults);
        if (!text) return std::nullopt;
        if (const auto time = parse_timestamp(*text)) return format(*time);
        return refuse(faults, path, "Must be a time of RFC 3339 such as 2026-02-03T10:00:00Z.");
    }
    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override {
        if (const auto time = read_instant(text, who.time_zone)) return format(*time);
        if (std::string fault = distance_fault(text, who.time_zone); !fault.empty())
            return refuse(faults, path, std::move(fault));
        return refuse(
            faults, path,
            "Must be a time such as 2026-02-03T10:00:00Z, now, now-2h, or a day such as 2026-02-03, today, "
            "today+7d.");
    }
    std::optional<std::string> end_of_span(std::string_view text, const Actor& who) const override {
        const auto end = read_end_of_day(text, who.time_zone);
        return end ? std::optional(format(*end)) : std::nullopt;
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        out += '"';
        append_timestamp(out, stored);  // leaves RFC 3339 as it is
        out += '"';
    }

    boost::json::object schema(const Field&) const override {
        return {{"type", "string"}, {"format", "date-time"}};
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, "2026-02-03T10:00:00Z");
    }
};

}  // namespace

const FieldType& timestamp_type() {
    static const TimestampType type;
    return type;
}

}  // namespace tamiti
