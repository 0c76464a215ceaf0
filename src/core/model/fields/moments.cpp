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

/// Reads what follows "today" or "now": nothing at all, or a sign, one to four digits and a unit.
std::optional<Distance> read_distance(std::string_view text, std::string_view units) {
    if (text.empty()) return Distance{};
    const bool back = text.front() == '-';
    if (!back && text.front() != '+' && text.front() != ' ') return std::nullopt;
    if (text.size() < 3 || text.size() > 6 || units.find(text.back()) == units.npos) return std::nullopt;
    const auto count = parse_integer(text.substr(1, text.size() - 2));
    if (!count || text[1] == '-') return std::nullopt;
    return Distance{static_cast<int>(back ? -*count : *count), text.back()};
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
    const auto distance = read_distance(text.substr(5), "dwmy");
    if (!distance) return std::nullopt;
    const Date day = move(day_in_zone(now(), zone), *distance);
    return is_of_our_calendar(day) ? std::optional(day) : std::nullopt;
}

std::optional<Timestamp> read_instant(std::string_view text, std::string_view zone) {
    if (text.starts_with("now")) {
        const auto distance = read_distance(text.substr(3), "hdw");
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

}  // namespace tamiti
