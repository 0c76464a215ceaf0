#include "apps/people/service_statistics.hpp"

#include <algorithm>
#include <map>

#include "apps/auth/service.hpp"
#include "apps/users/service.hpp"
#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

constexpr int fewest_people = 3;

}  // namespace

Habits habits(ReadTx& tx, const Actor& who) {
    const Date today = day_in_zone(tx.now(), who.time_zone);
    const Date month_ago = today - std::chrono::days(30), yesterday = today - std::chrono::days(1);
    // A day minus its place among the days is the same for all days of one run.
    return tx.one<Habits>(Sql{
        R"(WITH events AS (SELECT at, kind, (at AT TIME ZONE {})::date AS day FROM {} e WHERE account = {}),
                    days AS (SELECT DISTINCT day FROM events),
                    runs AS (SELECT day, day - (row_number() OVER (ORDER BY day))::int AS run FROM days),
                    streaks AS (SELECT count(*) AS length, max(day) AS last FROM runs GROUP BY run)
               SELECT (SELECT count(*) FROM events WHERE kind <> 'refresh') AS sign_ins,
                      (SELECT count(*) FROM events WHERE kind <> 'refresh' AND day > {}) AS sign_ins_last_30_days,
                      (SELECT count(*) FROM days) AS active_days,
                      (SELECT count(*) FROM days WHERE day > {}) AS active_days_last_30_days,
                      coalesce((SELECT max(length) FROM streaks WHERE last >= {}), 0) AS current_streak,
                      coalesce((SELECT max(length) FROM streaks), 0) AS longest_streak,
                      (SELECT max(at) FROM events WHERE kind <> 'refresh') AS last_sign_in_at)",
        who.time_zone, auth::successful_sign_ins(), who.id, month_ago, month_ago, yesterday});
}

std::vector<GroupHabits> group_habits(ReadTx& tx, const Actor&) {
    const Sql is_open{"u.is_active AND (u.expires_at IS NULL OR u.expires_at > {})", tx.now()};
    auto groups = tx.all<GroupHabits>(Sql{R"(SELECT u.department, '' AS name, count(*) AS people,
                      count(*) FILTER (WHERE s.days > 0) AS active_people,
                      coalesce(sum(s.sign_ins), 0)::bigint AS sign_ins, coalesce(sum(s.days), 0)::bigint AS active_days
               FROM {} u
               LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE kind <> 'refresh') AS sign_ins,
                                         count(DISTINCT (at AT TIME ZONE u.time_zone)::date) AS days
                                  FROM {} e WHERE e.account = u.id AND e.at > {}) AS s ON true
               WHERE {} AND NOT 'client' = ANY (u.roles)
               GROUP BY u.department HAVING count(*) >= {})",
                                          users::accounts(), auth::successful_sign_ins(),
                                          tx.now() - std::chrono::days(30), is_open, fewest_people});
    std::map<Id<users::Department>, std::string> names;
    for (users::Department& each : tx.select<users::Department>(Sql("true")))
        names[each.id] = std::move(each.name);
    for (GroupHabits& group : groups)
        if (group.department) group.name = names[*group.department];
    // By name; who is in no department comes last.
    std::ranges::sort(groups, {}, [](const GroupHabits& group) {
        return std::pair(!group.department, std::string_view(group.name));
    });
    return groups;
}

}  // namespace tamiti::people
