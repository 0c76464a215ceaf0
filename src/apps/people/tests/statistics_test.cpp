#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Statistics : public AuthStudio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("sam");
        account("cleo", {Role::client});
    }

    /// Where people are who chose no zone: their today may be another day than the one in UTC.
    static constexpr const char* zone = "Africa/Kampala";

    /// A sign-in so many days ago, at that hour of the day in `zone`.
    static void signed_in(const std::string& id, int days_ago, int hour = 12,
                          const std::string& kind = "password", bool succeeded = true) {
        const Date day = day_in_zone(clock().now(), zone) - std::chrono::days(days_ago);
        const Timestamp at = start_of_day(day, zone) + std::chrono::hours(hour);
        transact(site(), Actor::system(), [&](Tx& tx) {
            tx.execute(
                {"INSERT INTO auth_sign_in (id, account, kind, succeeded, at) VALUES ({}, {}, {}, {}, {})",
                 Uuid::make(), id, kind, succeeded, at});
        });
    }
};

TEST_F(Statistics, CountLogInsDaysAndStreaksOfOnesOwn) {
    for (int days : {1, 2, 3, 10, 11, 12, 13, 40}) signed_in(user("sam"), days);
    signed_in(user("sam"), 1, 13);
    signed_in(user("sam"), 1, 14, "refresh");
    signed_in(user("sam"), 5, 12, "password", false);
    const Answer mine = get("sam", "/users/me/statistics");
    ASSERT_EQ(mine.status, 200) << mine.body;
    EXPECT_EQ(mine.text("sign_ins"), "9") << "neither a refresh nor a failure";
    EXPECT_EQ(mine.text("active_days"), "8");
    EXPECT_EQ(mine.text("sign_ins_last_30_days"), "8");
    EXPECT_EQ(mine.text("active_days_last_30_days"), "7");
    EXPECT_EQ(mine.text("current_streak"), "3") << "yesterday still counts";
    EXPECT_EQ(mine.text("longest_streak"), "4");
    EXPECT_EQ(get("ada", "/users/me/statistics").text("sign_ins"), "0") << "of others nothing";
    EXPECT_EQ(get("guest", "/users/me/statistics").status, 401);
}

TEST_F(Statistics, HaveDaysOfThePersonsOwnZone) {
    ASSERT_EQ(patch("cleo", "/users/me", {{"time_zone", "Pacific/Kiritimati"}}).status, 200);
    signed_in(user("cleo"), 9, 12);  // 11 hours ahead of Kampala: 23:00 of the same day there
    signed_in(user("cleo"), 9, 14);  // 01:00 of the next day there
    EXPECT_EQ(get("cleo", "/users/me/statistics").text("active_days"), "2");
    ASSERT_EQ(patch("cleo", "/users/me", {{"time_zone", "Africa/Kampala"}}).status, 200);
    EXPECT_EQ(get("cleo", "/users/me/statistics").text("active_days"), "1");
}

TEST_F(Statistics, OfDepartmentsHideSmallGroups) {
    const std::string large = make("ada", "/departments", {{"name", "Large"}});
    const std::string small = make("ada", "/departments", {{"name", "Small"}});
    for (const char* name : {"l1", "l2", "l3"})
        ASSERT_EQ(
            patch("ada", "/users/" + user(std::string("member") + name), {{"department", large}}).status,
            200);
    for (const char* name : {"s1", "s2"})
        ASSERT_EQ(
            patch("ada", "/users/" + user(std::string("member") + name), {{"department", small}}).status,
            200);
    signed_in(user("memberl1"), 1);
    signed_in(user("memberl1"), 2);
    signed_in(user("memberl2"), 2);
    signed_in(user("members1"), 1);
    access(http::Method::get, "/statistics/people",
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"ada", 200}});
    const Answer groups = get("ada", "/statistics/people");
    EXPECT_THAT(groups.body,
                HasSubstr(R"("name":"Large","people":3,"active_people":2,"sign_ins":3,"active_days":3)"));
    EXPECT_THAT(groups.body, Not(HasSubstr("Small")));
    EXPECT_EQ(patch("ada", "/users/" + user("memberl3"), {{"is_active", false}}).status, 200);
    EXPECT_THAT(get("ada", "/statistics/people").body, Not(HasSubstr("Large")));
}

}  // namespace
}  // namespace tamiti::test
