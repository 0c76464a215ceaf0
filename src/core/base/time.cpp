#include "core/base/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace tamiti {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

/// Reads digits from left to right; one failure makes the whole reading fail.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!next_is_digit()) return fail();
            value = 10 * value + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }

    bool accept(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(char c) {
        if (!accept(c)) fail();
    }

    /// The microseconds of one to nine digits of a fraction; nanoseconds are cut off.
    int fraction() {
        int value = 0;
        int digits = 0;
        for (; next_is_digit() && digits < 9; ++digits) {
            if (digits < 6) value = 10 * value + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        if (digits == 0) return fail();
        for (; digits < 6; ++digits) value *= 10;
        return value;
    }

    bool done() const { return !failed_ && rest_.empty(); }
    bool failed() const { return failed_; }

private:
    bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
    int fail() {
        failed_ = true;
        return 0;
    }

    std::string_view rest_;
    bool failed_ = false;
};

std::optional<Date> scan_date(Scanner& scanner) {
    const int year = scanner.number(4);
    scanner.expect('-');
    const int month = scanner.number(2);
    scanner.expect('-');
    const int day = scanner.number(2);
    const std::chrono::year_month_day calendar{std::chrono::year{year},
                                               std::chrono::month{static_cast<unsigned>(month)},
                                               std::chrono::day{static_cast<unsigned>(day)}};
    if (scanner.failed() || year < 1 || !calendar.ok()) return std::nullopt;
    return Date{calendar};
}

/// The time of day; 24:00 and leap seconds don't exist.
std::optional<microseconds> scan_time(Scanner& scanner) {
    const int hour = scanner.number(2);
    scanner.expect(':');
    const int minute = scanner.number(2);
    scanner.expect(':');
    const int second = scanner.number(2);
    const int fraction = scanner.accept('.') ? scanner.fraction() : 0;
    if (scanner.failed() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return seconds{hour * 3600 + minute * 60 + second} + microseconds{fraction};
}

std::optional<seconds> scan_offset(Scanner& scanner) {
    if (scanner.accept('Z') || scanner.accept('z')) return seconds{0};
    const bool west = scanner.accept('-');
    if (!west) scanner.expect('+');
    const int hour = scanner.number(2);
    scanner.expect(':');
    const int minute = scanner.number(2);
    if (scanner.failed() || hour > 23 || minute > 59) return std::nullopt;
    const seconds offset{hour * 3600 + minute * 60};
    return west ? -offset : offset;
}

const Timestamp first_instant{Date{std::chrono::year{1} / 1 / 1}};
const Timestamp end_of_instants{Date{std::chrono::year{10000} / 1 / 1}};

void put(char* to, int digits, unsigned value) {
    for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

/// The time zones are those of the operating system, read once; a zone's transitions are read when it is
/// first asked for.
const date::time_zone* find_zone(std::string_view name) {
    const auto& zones = date::get_tzdb().zones;
    const auto found = std::lower_bound(
        zones.begin(), zones.end(), name,
        [](const auto& zone, std::string_view wanted) { return std::string_view(zone.name()) < wanted; });
    // "localtime" is a link to whatever the machine is set to, so it means something else on every node.
    return found == zones.end() || found->name() != name || name == "localtime" ? nullptr : &*found;
}

const date::time_zone& zone_named(std::string_view name) {
    if (const auto* zone = find_zone(name)) return *zone;
    throw std::invalid_argument("There is no time zone named " + std::string(name) + ".");
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    Scanner scanner(text);
    const auto date = scan_date(scanner);
    if (!scanner.accept('t')) scanner.expect('T');
    const auto time = scan_time(scanner);
    const auto offset = scan_offset(scanner);
    if (!date || !time || !offset || !scanner.done()) return std::nullopt;
    const Timestamp instant = *date + *time - *offset;
    if (instant < first_instant || instant >= end_of_instants) return std::nullopt;
    return instant;
}

std::string format(Timestamp time) {
    const Date date = std::chrono::floor<days>(time);
    const auto of_day = time - date;
    const auto second = static_cast<unsigned>(std::chrono::floor<seconds>(of_day).count());
    const auto fraction = static_cast<unsigned>((of_day % seconds{1}).count());
    char text[] = "T00:00:00.000000";
    put(text + 1, 2, second / 3600);
    put(text + 4, 2, second / 60 % 60);
    put(text + 7, 2, second % 60);
    std::size_t length = 9;
    if (fraction != 0) {
        put(text + 10, 6, fraction);
        for (length = 16; text[length - 1] == '0';) --length;
    }
    std::string out = format(date);
    out.append(text, length);
    out += 'Z';
    return out;
}

std::optional<Date> parse_date(std::string_view text) {
    Scanner scanner(text);
    const auto date = scan_date(scanner);
    return scanner.done() ? date : std::nullopt;
}

std::string format(Date date) {
    const std::chrono::year_month_day calendar{date};
    const int year = static_cast<int>(calendar.year());
    std::string out = "0000-00-00";
    put(&out[5], 2, static_cast<unsigned>(calendar.month()));
    put(&out[8], 2, static_cast<unsigned>(calendar.day()));
    if (year >= 0 && year <= 9999) {
        put(&out[0], 4, static_cast<unsigned>(year));
    } else {
        out.replace(0, 4, std::to_string(year));
    }
    return out;
}

void append_timestamp(std::string& out, std::string_view postgres_text) {
    constexpr std::size_t date_length = 10;
    const bool usual = postgres_text.size() > date_length && postgres_text[4] == '-' &&
                       postgres_text[date_length] == ' ' && postgres_text.ends_with("+00");
    if (!usual) {
        out += postgres_text;
        return;
    }
    postgres_text.remove_suffix(3);
    out += postgres_text.substr(0, date_length);
    out += 'T';
    out += postgres_text.substr(date_length + 1);
    out += 'Z';
}

bool is_time_zone(std::string_view name) {
    return find_zone(name) != nullptr;
}

Date day_in_zone(Timestamp time, std::string_view zone) {
    const auto second = std::chrono::floor<seconds>(time);
    const auto offset = zone_named(zone).get_info(second).offset;
    return std::chrono::floor<days>(second + offset);
}

std::string format_in_zone(Timestamp time, std::string_view zone) {
    const auto second = std::chrono::floor<seconds>(time);
    const std::string local = format(Timestamp{second + zone_named(zone).get_info(second).offset});
    return local.substr(0, 10) + " " + local.substr(11, 5) + " (" + std::string(zone) + ")";
}

Timestamp start_of_day(Date day, std::string_view zone) {
    const date::local_seconds midnight{seconds{day.time_since_epoch()}};
    const date::local_info info = zone_named(zone).get_info(midnight);
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return Timestamp{midnight.time_since_epoch() - info.first.offset};  // of two midnights the first
}

Timestamp Clock::now() const {
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

}  // namespace tamiti
