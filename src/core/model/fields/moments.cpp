#include "core/model/fields/moments.hpp"

#include <atomic>
#include <string>

#include "core/model/fields/numbers.hpp"

namespace tamiti {
namespace {

const Clock system_clock{};
std::atomic<const Clock*> clock_of_filters{&system_clock};

/// A number of units, counted from now.
struct Distance {
    int count = 0;
    char unit = 'd';
};

constexpr std::string_view day_units = "dwmy";
constexpr std::string_view instant_units = "hdw";
constexpr std::size_t most_digits = 4;

/// Whether what follows "today" or "now" is a sign, digits and a unit, however many digits there are.
bool is_distance(std::string_view text, std::string_view units) {
    if (text.size() < 3 || std::string_view("+- ").find(text.front()) == text.npos) return false;
    const std::string_view digits = text.substr(1, text.size() - 2);
    return units.find(text.back()) != units.npos && digits.find_first_not_of("0123456789") == digits.npos;
}

/// Reads what follows "today" or "now": nothing at all, or a sign, one to four digits and a unit.
std::optional<Distance> read_distance(std::string_view text, std::string_view units) {
    if (text.empty()) return Distance{};
    if (!is_distance(text, units) || text.size() > most_digits + 2) return std::nullopt;
    const auto count = parse_integer(text.substr(1, text.size() - 2)).value();
    return Distance{static_cast<int>(text.front() == '-' ? -count : count), text.back()};
}

bool is_of_our_calendar(Date day) {
    const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
    return year >= 1 && year <= 9999;
}

/// The day so many months later, or the last one of its month where that has fewer days.
Date add_months(Date day, int count) {
    const auto moved = std::chrono::year_month_day{day} + std::chrono::months{count};
    return moved.ok() ? Date{moved} : Date{moved.year() / moved.month() / std::chrono::last};
}

Date move(Date day, Distance distance) {
    switch (distance.unit) {
        case 'w':
            return day + std::chrono::days{7 * distance.count};
        case 'm':
            return add_months(day, distance.count);
        case 'y':
            return add_months(day, 12 * distance.count);
        default:
            return day + std::chrono::days{distance.count};
    }
}

Timestamp now() {
    return clock_of_filters.load()->now();
}

}  // namespace

const Clock& use_clock_of_filters(const Clock& clock) {
    return *clock_of_filters.exchange(&clock);
}

std::optional<Date> read_day(std::string_view text, std::string_view zone) {
    if (!text.starts_with("today")) return parse_date(text);
    const auto distance = read_distance(text.substr(5), day_units);
    if (!distance) return std::nullopt;
    const Date day = move(day_in_zone(now(), zone), *distance);
    return is_of_our_calendar(day) ? std::optional(day) : std::nullopt;
}

std::optional<Timestamp> read_instant(std::string_view text, std::string_view zone) {
    if (text.starts_with("now")) {
        const auto distance = read_distance(text.substr(3), instant_units);
        if (!distance) return std::nullopt;
        const int hours = distance->unit == 'h' ? 1 : distance->unit == 'd' ? 24 : 7 * 24;
        return now() + std::chrono::hours{hours * distance->count};
    }
    if (const auto day = read_day(text, zone)) {
        // East of Greenwich the first day of the calendar begins before it.
        const Timestamp start = start_of_day(*day, zone);
        return is_of_our_calendar(std::chrono::floor<std::chrono::days>(start)) ? std::optional(start)
                                                                                : std::nullopt;
    }
    std::string given(text);
    if (const auto blank = given.find(' ', 19); blank != given.npos) given[blank] = '+';
    return parse_timestamp(given);
}

std::optional<Timestamp> read_end_of_day(std::string_view text, std::string_view zone) {
    const auto day = read_day(text, zone);
    if (!day || !is_of_our_calendar(*day + std::chrono::days{1})) return std::nullopt;
    return start_of_day(*day + std::chrono::days{1}, zone);
}

std::string distance_fault(std::string_view text, std::string_view zone) {
    const bool is_day = text.starts_with("today");
    if (!is_day && !text.starts_with("now")) return {};
    const std::string_view distance = text.substr(is_day ? 5 : 3);
    if (!is_distance(distance, is_day ? day_units : instant_units)) return {};
    if (distance.size() > most_digits + 2)
        return is_day ? "Must be at most 9999 days, weeks, months or years from today."
                      : "Must be at most 9999 hours, days or weeks from now.";
    return is_day && !read_day(text, zone) ? "Must be in the years 1 to 9999." : "";
}

}  // namespace tamiti
