#include "apps/people/service_statistics.hpp"

#include <array>

#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

constexpr int fewest_people = 3;

// $1 is the person, $2 their time zone, $3 their today. A day minus its place among the days is the same for
// all days of one run.
constexpr const char* habits_of =
    "WITH events AS (SELECT at, kind FROM auth_sign_in WHERE account = $1 AND succeeded), "
    "days AS (SELECT DISTINCT (at AT TIME ZONE $2)::date AS day FROM events), "
    "runs AS (SELECT day, day - (row_number() OVER (ORDER BY day))::int AS run FROM days), "
    "streaks AS (SELECT count(*) AS length, max(day) AS last FROM runs GROUP BY run) "
    "SELECT (SELECT count(*) FROM events WHERE kind <> 'refresh'), "
    "(SELECT count(*) FROM events WHERE kind <> 'refresh' AND (at AT TIME ZONE $2)::date > $3::date - 30), "
    "(SELECT count(*) FROM days), (SELECT count(*) FROM days WHERE day > $3::date - 30), "
    "coalesce((SELECT max(length) FROM streaks WHERE last >= $3::date - 1), 0), "
    "coalesce((SELECT max(length) FROM streaks), 0), "
    "(SELECT max(at) FROM events WHERE kind <> 'refresh')";

constexpr const char* habits_of_groups =
    "SELECT u.department, coalesce(d.name, ''), count(*), count(*) FILTER (WHERE s.days > 0), "
    "coalesce(sum(s.sign_ins), 0), coalesce(sum(s.days), 0) "
    "FROM users_user AS u LEFT JOIN users_department AS d ON d.id = u.department "
    "LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE kind <> 'refresh') AS sign_ins, "
    "  count(DISTINCT (at AT TIME ZONE u.time_zone)::date) AS days "
    "  FROM auth_sign_in WHERE account = u.id AND succeeded AND at > $1) AS s ON true "
    "WHERE u.is_active AND (u.expires_at IS NULL OR u.expires_at > $2) AND NOT 'client' = ANY (u.roles) "
    "GROUP BY u.department, d.name HAVING count(*) >= $3 ORDER BY d.name NULLS LAST";

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
    std::vector<GroupHabits> groups;
    for (const db::Row row :
         tx.rows(habits_of_groups, tx.now() - std::chrono::days(30), tx.now(), fewest_people)) {
        GroupHabits group{.name = std::string(row.text(1))};
        if (!row.is_null(0)) group.department = Id<users::Department>{stored_uuid(row.text(0))};
        group.people = static_cast<int>(row.integer(2));
        group.active_people = static_cast<int>(row.integer(3));
        group.sign_ins = static_cast<int>(row.integer(4));
        group.active_days = static_cast<int>(row.integer(5));
        groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace tamiti::people
