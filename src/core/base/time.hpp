#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tamiti {

/// An instant in UTC with the resolution of PostgreSQL's timestamptz.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// A day of the calendar, without a time zone.
using Date = std::chrono::sys_days;

/// A length of time; whole seconds on the wire.
using Duration = std::chrono::seconds;

/// How far the time of something that has happened may lie ahead, for clocks of several machines differ a
/// little. What lies farther ahead was written while a clock stood wrong, and nobody waits for it to be past.
inline constexpr std::chrono::minutes clock_error{1};

/// Reads RFC 3339 ("2026-02-03T10:00:00Z", offsets, up to nine fraction digits, years 0001 to 9999).
/// T and Z may be small letters, as the RFC says; a blank instead of T is refused.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// "2026-02-03T10:00:00Z", with a fraction of up to six digits only where there is one.
std::string format(Timestamp time);

/// Reads "2026-02-03"; a day that doesn't exist is nothing.
std::optional<Date> parse_date(std::string_view text);
std::string format(Date date);

/// Rewrites PostgreSQL's text form of a timestamptz in UTC ("2026-02-03 10:00:00.5+00") as RFC 3339 at the
/// end of `out`. "infinity" and years beyond 9999 come out as PostgreSQL wrote them.
void append_timestamp(std::string& out, std::string_view postgres_text);

/// Whether the IANA time zone database knows that name (canonical or alias).
bool is_time_zone(std::string_view name);

/// The calendar day at that instant in that time zone. An unknown zone throws std::invalid_argument.
Date day_in_zone(Timestamp time, std::string_view zone);

/// For people who live in that time zone, to the minute: "2026-11-22 17:05 (Africa/Kampala)".
std::string format_in_zone(Timestamp time, std::string_view zone);

/// The first instant of a day in that time zone: 00:00 or, where a transition skips it, the first that
/// exists.
Timestamp start_of_day(Date day, std::string_view zone);

/// Where the present comes from; tests put in their own.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const;
};

}  // namespace tamiti
