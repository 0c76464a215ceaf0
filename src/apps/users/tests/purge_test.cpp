#include <gmock/gmock.h>

#include "apps/users/commands.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Temporary accounts, and the command that forgets their people.
class PurgeOfEndedAccounts : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
    }
    void SetUp() override { sql("UPDATE users_user SET expires_at = NULL WHERE erased_at IS NULL"); }

    static void ended(const std::string& name, int days_ago) {
        sql("UPDATE users_user SET expires_at = $1::timestamptz - make_interval(days => $2) WHERE id = $3",
            format(clock().now()), days_ago, user(name));
    }

    static std::string purge(const std::map<std::string, std::string>& options) {
        for (const Command& command : users::commands()) {
            if (command.name != "users purge-expired") continue;
            testing::internal::CaptureStdout();
            testing::internal::CaptureStderr();
            code = command.run(site(), options);
            return testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
        }
        ADD_FAILURE() << "there is no such command";
        return {};
    }

    static std::string erased() {
        return sql(
            "SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '') FROM users_user WHERE erased_at IS "
            "NOT "
            "NULL");
    }
    static std::string everything() {
        return sql("SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM users_user u") +
               sql("SELECT count(*) FROM core_audit");
    }

    static inline int code = 0;
};

TEST_F(PurgeOfEndedAccounts, ForgetsThoseThatEndedLongAgoAndNobodyElse) {
    for (const char* name : {"intern", "guest_editor", "recent", "ahead", "lasting"}) user(name);
    ended("intern", 200);
    ended("guest_editor", 181);
    ended("recent", 100);
    ended("ahead", -10);
    const std::string before = everything();
    const std::string rehearsal = purge({{"days", "180"}, {"dry-run", "true"}});
    EXPECT_EQ(code, 0);
    EXPECT_THAT(rehearsal, HasSubstr("intern "));
    EXPECT_THAT(rehearsal, HasSubstr("guest_editor "));
    EXPECT_EQ(std::count(rehearsal.begin(), rehearsal.end(), '\n'), 2) << rehearsal;
    EXPECT_THAT(rehearsal, HasSubstr("would be erased"));
    EXPECT_EQ(everything(), before) << "a dry run changes nothing";

    const std::string done = purge({{"days", "180"}});
    EXPECT_EQ(code, 0);
    EXPECT_EQ(std::count(done.begin(), done.end(), '\n'), 2) << done;
    EXPECT_THAT(done, Not(HasSubstr("would be")));
    std::vector<std::string> gone = {user("intern"), user("guest_editor")};
    std::sort(gone.begin(), gone.end());
    EXPECT_EQ(erased(), gone[0] + " " + gone[1]);
    EXPECT_EQ(sql("SELECT first_name || ' ' || last_name || ' ' || is_active FROM users_user WHERE id = $1",
                  user("intern")),
              "Former member false");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient LIKE 'intern@%'"), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM core_audit WHERE row_id = $1 AND via = 'command users purge-expired'",
                  user("intern")) != "0",
              true);
    EXPECT_EQ(purge({{"days", "180"}}), "No temporary account ended more than 180 days ago.\n");
}

TEST_F(PurgeOfEndedAccounts, LeavesWhoHasOpenWorkUntilItIsHandedOver) {
    user("busy", {Role::manager});
    make("busy", "/projects", {{"code", "PURGE"}, {"name", "Somebody must go on with it"}});
    ended("busy", 400);
    EXPECT_THAT(purge({{"days", "365"}, {"dry-run", "true"}}), HasSubstr("open work"));
    EXPECT_THAT(purge({{"days", "365"}}), HasSubstr("open work"));
    EXPECT_EQ(sql("SELECT erased_at IS NULL FROM users_user WHERE id = $1", user("busy")), "t");
    ASSERT_EQ(post("ada", "/users/" + user("busy") + "/deactivate", {{"reassign_to", user("ada")}}).status,
              200);
    EXPECT_THAT(purge({{"days", "365"}}), HasSubstr("erased"));
    EXPECT_EQ(sql("SELECT erased_at IS NULL FROM users_user WHERE id = $1", user("busy")), "f");
}

TEST_F(PurgeOfEndedAccounts, TakesANumberOfDaysThatIsLong) {
    user("yesterday");
    ended("yesterday", 1);
    for (const char* days : {"", "0", "29", "-1", "3651", "1e3", "many"}) {
        EXPECT_EQ(purge({{"days", days}}), "--days is a number from 30 to 3650.\n") << days;
        EXPECT_EQ(code, 1) << days;
    }
    EXPECT_EQ(sql("SELECT erased_at IS NULL FROM users_user WHERE id = $1", user("yesterday")), "t");
}

}  // namespace
}  // namespace tamiti::test
