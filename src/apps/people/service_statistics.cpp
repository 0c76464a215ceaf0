#include "apps/people/service_statistics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "apps/auth/service.hpp"
#include "apps/users/service.hpp"
#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

constexpr int fewest_people = 3;

// $1 is the person, $2 their time zone, $3 their today. A day minus its place among the days is the same for
// all days of one run.
const std::string habits_of =
    "WITH events AS (SELECT at, kind FROM " + std::string(auth::successful_sign_ins) +
    " e WHERE account = $1), "
    "days AS (SELECT DISTINCT (at AT TIME ZONE $2)::date AS day FROM events), "
    "runs AS (SELECT day, day - (row_number() OVER (ORDER BY day))::int AS run FROM days), "
    "streaks AS (SELECT count(*) AS length, max(day) AS last FROM runs GROUP BY run) "
    "SELECT (SELECT count(*) FROM events WHERE kind <> 'refresh'), "
    "(SELECT count(*) FROM events WHERE kind <> 'refresh' AND (at AT TIME ZONE $2)::date > $3::date - 30), "
    "(SELECT count(*) FROM days), (SELECT count(*) FROM days WHERE day > $3::date - 30), "
    "coalesce((SELECT max(length) FROM streaks WHERE last >= $3::date - 1), 0), "
    "coalesce((SELECT max(length) FROM streaks), 0), "
    "(SELECT max(at) FROM events WHERE kind <> 'refresh')";

const std::string habits_of_groups =
    "SELECT u.department, count(*), count(*) FILTER (WHERE s.days > 0), "
    "coalesce(sum(s.sign_ins), 0), coalesce(sum(s.days), 0) "
    "FROM " +
    std::string(users::accounts) +
    " u LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE kind <> 'refresh') AS sign_ins, "
    "  count(DISTINCT (at AT TIME ZONE u.time_zone)::date) AS days "
    "  FROM " +
    std::string(auth::successful_sign_ins) +
    " e WHERE e.account = u.id AND e.at > $1) AS s ON true "
    "WHERE u.is_active AND (u.expires_at IS NULL OR u.expires_at > $2) AND NOT 'client' = ANY (u.roles) "
    "GROUP BY u.department HAVING count(*) >= $3";

}  // namespace

Habits habits(ReadTx& tx, const Actor& who) {
    const db::Result found = tx.rows(habits_of, who.id, who.time_zone, day_in_zone(tx.now(), who.time_zone));
    Habits mine;
    int column = 0;
    for (int* number : std::array{&mine.sign_ins, &mine.sign_ins_last_30_days, &mine.active_days,
                                  &mine.active_days_last_30_days, &mine.current_streak, &mine.longest_streak})
        *number = static_cast<int>(found[0].integer(column++));
    if (!found[0].is_null(column)) mine.last_sign_in_at = stored_timestamp(found[0].text(column));
    return mine;
}

std::vector<GroupHabits> group_habits(ReadTx& tx, const Actor&) {
    std::map<Id<users::Department>, std::string> names;
    for (users::Department& each : tx.select<users::Department>("true"))
        names[each.id] = std::move(each.name);
    std::vector<GroupHabits> groups;
    for (const db::Row row :
         tx.rows(habits_of_groups, tx.now() - std::chrono::days(30), tx.now(), fewest_people)) {
        GroupHabits group;
        if (!row.is_null(0)) {
            group.department = Id<users::Department>{stored_uuid(row.text(0))};
            group.name = names[*group.department];
        }
        group.people = static_cast<int>(row.integer(1));
        group.active_people = static_cast<int>(row.integer(2));
        group.sign_ins = static_cast<int>(row.integer(3));
        group.active_days = static_cast<int>(row.integer(4));
        groups.push_back(std::move(group));
    }
    // By name; who is in no department comes last.
    std::ranges::sort(groups, {}, [](const GroupHabits& group) {
        return std::pair(!group.department, std::string_view(group.name));
    });
    return groups;
}

}  // namespace tamiti::people
