#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/field.hpp"

/// Whole numbers of 64 bits, as integers and durations share them.
namespace tamiti {

/// Reads digits with an optional minus; anything else, or a number beyond 64 bits, is nothing.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// The least and greatest number that is accepted.
struct IntegerLimits {
    std::int64_t least = INT64_MIN;
    std::int64_t greatest = INT64_MAX;
};

/// The limits that the rules set within those of the type.
IntegerLimits limits_of(const Field& field, IntegerLimits type = {});

/// A number of JSON in plain notation, as people write it: 150000, not 1.5E5.
std::string plain_number(const boost::json::value& json);

/// Reads a JSON integer within the limits, to stored form. It may be written with a point or an exponent, as
/// JSON Schema has it: 1.0 and 1e3 are integers.
std::optional<std::string> accept_integer(const boost::json::value& json, IntegerLimits limits,
                                          const std::string& path, Faults& faults);

/// Reads the digits of an integer within the limits.
std::optional<std::string> accept_integer_text(std::string_view text, IntegerLimits limits,
                                               const std::string& path, Faults& faults);

/// "Must be between 1 and 5, not 7."; only the limit that there is.
std::string limits_sentence(std::string_view least, std::string_view greatest, std::string_view given);

/// JSON Schema of such a number.
boost::json::object integer_schema(IntegerLimits limits);

/// The example of the rules, or the usual one moved into the limits.
std::string integer_example(const Field& field, IntegerLimits limits, std::int64_t usual);

}  // namespace tamiti
