#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

/// Days and instants as filters write them: given outright or counted from now.
namespace tamiti {

/// Puts in the clock that "today" and "now" go by, for tests; returns the one before. It must outlive its
/// use.
const Clock& use_clock_of_filters(const Clock& clock);

/// Reads "2026-02-03", "today" or "today+7d" (units d, w, m, y; months end where the month ends) in that time
/// zone. A blank counts as +, which is what an unescaped + in an address becomes. Years beyond 1 to 9999 are
/// nothing.
std::optional<Date> read_day(std::string_view text, std::string_view zone);

/// Reads RFC 3339, "now" or "now-2h" (units h, d, w), or what read_day() reads: the start of that day in that
/// zone.
std::optional<Timestamp> read_instant(std::string_view text, std::string_view zone);

/// When the day ends that such a text names; nothing where it names no day.
std::optional<Timestamp> read_end_of_day(std::string_view text, std::string_view zone);

/// Why a day or an instant that is counted from now is refused, where it is one that can't be counted: too
/// many units, or beyond the calendar. Empty for any other text.
std::string distance_fault(std::string_view text, std::string_view zone);

}  // namespace tamiti
