#include "core/model/fields/numbers.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "core/base/json.hpp"
#include "core/model/fields/json_forms.hpp"

namespace tamiti {

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [read, status] = std::from_chars(text.data(), end, number);
    if (status != std::errc{} || read != end) return std::nullopt;
    return number;
}

IntegerLimits limits_of(const Field& field, IntegerLimits type) {
    const auto& rules = field.rules;
    if (rules.minimum) type.least = std::max(type.least, parse_integer(rules.minimum).value());
    if (rules.maximum) type.greatest = std::min(type.greatest, parse_integer(rules.maximum).value());
    return type;
}

std::string limits_sentence(std::string_view least, std::string_view greatest, std::string_view given) {
    std::string sentence = "Must be ";
    if (!least.empty() && !greatest.empty()) {
        sentence.append("between ").append(least).append(" and ").append(greatest);
    } else if (!least.empty()) {
        sentence.append("at least ").append(least);
    } else {
        sentence.append("at most ").append(greatest);
    }
    return sentence.append(", not ").append(given).append(".");
}

namespace {

/// `low` says which limit was missed; the other one is shown too where it is more than that of 64 bits.
std::nullopt_t refuse_range(IntegerLimits limits, bool low, const std::string& given, const std::string& path,
                            Faults& faults) {
    const bool show_least = low || limits.least != INT64_MIN;
    const bool show_greatest = !low || limits.greatest != INT64_MAX;
    return refuse(faults, path,
                  limits_sentence(show_least ? std::to_string(limits.least) : std::string(),
                                  show_greatest ? std::to_string(limits.greatest) : std::string(), given));
}

std::optional<std::string> within(std::int64_t number, IntegerLimits limits, const std::string& path,
                                  Faults& faults) {
    std::string text = std::to_string(number);
    if (number >= limits.least && number <= limits.greatest) return text;
    return refuse_range(limits, number < limits.least, text, path, faults);
}

}  // namespace

std::string plain_number(const boost::json::value& json) {
    const double* number = json.if_double();
    if (!number) return json::text_of(json);
    std::array<char, 32> buffer{};
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), *number, std::chars_format::fixed);
    if (written.ec == std::errc{}) return {buffer.data(), written.ptr};
    return json::text_of(json);
}

std::optional<std::string> accept_integer(const boost::json::value& json, IntegerLimits limits,
                                          const std::string& path, Faults& faults) {
    if (const auto* number = json.if_int64()) return within(*number, limits, path, faults);
    if (const auto* number = json.if_uint64()) {
        if (*number <= INT64_MAX) return within(static_cast<std::int64_t>(*number), limits, path, faults);
        return refuse_range(limits, false, std::to_string(*number), path, faults);
    }
    if (const auto* number = json.if_double()) {
        if (std::trunc(*number) != *number)
            return refuse(faults, path, "Must be a whole number, not " + plain_number(json) + ".");
        // Beyond them a double doesn't tell one whole number from the next.
        constexpr double most_exact = 9007199254740992.0;
        if (std::abs(*number) < most_exact)
            return within(static_cast<std::int64_t>(*number), limits, path, faults);
        return refuse(faults, path, "Must be written with all its digits, without point or exponent.");
    }
    return refuse(faults, path, "Must be a whole number, not " + std::string(kind_of(json)) + ".");
}

std::optional<std::string> accept_integer_text(std::string_view text, IntegerLimits limits,
                                               const std::string& path, Faults& faults) {
    if (const auto number = parse_integer(text)) return within(*number, limits, path, faults);
    return refuse(faults, path, "Must be a whole number such as 5.");
}

boost::json::object integer_schema(IntegerLimits limits) {
    boost::json::object schema{{"type", "integer"}, {"format", "int64"}};
    if (limits.least != INT64_MIN) schema["minimum"] = limits.least;
    if (limits.greatest != INT64_MAX) schema["maximum"] = limits.greatest;
    return schema;
}

std::string integer_example(const Field& field, IntegerLimits limits, std::int64_t usual) {
    return json_example(field, std::to_string(std::clamp(usual, limits.least, limits.greatest)));
}

}  // namespace tamiti
