#include "core/jobs/ticks.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    int hour = -1, minute = -1;
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    if (std::from_chars(text.data(), text.data() + 2, hour).ptr != text.data() + 2) return std::nullopt;
    if (std::from_chars(text.data() + 3, text.data() + 5, minute).ptr != text.data() + 5) return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

Timestamp moment(Date day, std::chrono::minutes time, const date::time_zone& zone) {
    const date::local_seconds local{std::chrono::seconds(day.time_since_epoch()) + time};
    const date::local_info info = zone.get_info(local);
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return Timestamp{local.time_since_epoch() - info.first.offset};
}

std::vector<Timestamp> daily_ticks(std::chrono::minutes time, Timestamp after, Timestamp until,
                                   std::string_view zone_name, std::size_t most) {
    const date::time_zone& zone = *date::locate_zone(std::string(zone_name));
    std::vector<Timestamp> found;
    for (Date day = day_in_zone(until, zone_name) + date::days(1); found.size() < most;
         day -= date::days(1)) {
        const Timestamp tick = moment(day, time, zone);
        if (tick > until) continue;
        if (tick <= after) break;
        if (found.empty() || found.back() != tick) found.push_back(tick);
    }
    std::reverse(found.begin(), found.end());
    return found;
}

}  // namespace

std::vector<Timestamp> ticks(const Schedule& schedule, Timestamp after, Timestamp until,
                             std::string_view zone, std::size_t most) {
    if (until <= after) return {};
    if (!schedule.time_of_day.empty())
        return daily_ticks(time_of_day(schedule.time_of_day).value(), after, until, zone, most);
    std::vector<Timestamp> found;
    const std::chrono::microseconds interval = schedule.interval;
    for (Timestamp tick{until.time_since_epoch() / interval * interval}; tick > after && found.size() < most;
         tick -= interval)
        found.push_back(tick);
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<Timestamp> ticks_to_run(const Schedule& schedule, std::vector<Timestamp> due, Timestamp now) {
    if (due.empty() || schedule.catch_up == CatchUp::all) return due;
    if (schedule.catch_up == CatchUp::once) return {due.back()};
    const auto late = std::max<std::chrono::microseconds>(60s, schedule.interval / 4);
    if (now - due.back() > late) return {};
    return {due.back()};
}

std::string fault_of(const Schedule& schedule) {
    if (!schedule.time_of_day.empty() && !time_of_day(schedule.time_of_day))
        return "the schedule " + schedule.name + " needs a time such as 02:30, not " + schedule.time_of_day;
    if (schedule.time_of_day.empty() && schedule.interval < 1s)
        return "the schedule " + schedule.name + " needs an interval of a second or more";
    return {};
}

}  // namespace tamiti::jobs
