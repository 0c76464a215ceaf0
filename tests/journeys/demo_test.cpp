#include "core/model/tx.hpp"
#include "core/program/program.hpp"
#include "tests/support/database.hpp"

#include <gtest/gtest.h>

namespace tamiti::test {
namespace {

class Demo : public ::testing::Test {
public:
    Demo() {
        settings.database_url = database.app_url();
        settings.database_owner_url = database.owner_url();
        settings.secret_key = "a secret of the tests that is long enough";
    }

    std::string value(const std::string& sql) {
        db::Connection connection(database.as_owner());
        return std::string(connection.run(sql)[0].text(0));
    }

    TestDatabase database;
    Settings settings;
};

TEST_F(Demo, IsTheSameWhenItIsAddedTwice) {
    Program program(settings);
    ASSERT_EQ(seed_demo(program), 0);
    const std::string counts =
        "SELECT (SELECT count(*) FROM users_user) || ' ' || (SELECT count(*) FROM projects_project) || ' ' ||"
        " (SELECT count(*) FROM common_comment) || ' ' || (SELECT count(*) FROM common_attachment_content) "
        "|| ' ' ||"
        " (SELECT count(*) FROM common_saved_view)";
    EXPECT_EQ(value(counts), "12 20 6 1 1");
    EXPECT_EQ(seed_demo(program), 0);
    EXPECT_EQ(value(counts), "12 20 6 1 1");
}

TEST_F(Demo, ChangesNothingWhereItsNamesAreTaken) {
    db::Connection(database.as_owner())
        .run(
            "INSERT INTO users_user (id, username, email, first_name, last_name, roles) VALUES"
            " (gen_random_uuid(), 'hassan', 'hassan@elsewhere.test', 'Hassan', 'Mine', '{staff}')");
    Program program(settings);
    testing::internal::CaptureStderr();
    EXPECT_EQ(seed_demo(program), 1);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("nothing was changed"), std::string::npos) << said;
    EXPECT_NE(said.find("users_user_username_unique"), std::string::npos) << said;
    EXPECT_EQ(value("SELECT count(*) FROM users_user"), "1");
    EXPECT_EQ(value("SELECT count(*) FROM users_department"), "0");
    EXPECT_EQ(value("SELECT last_name FROM users_user WHERE username = 'hassan'"), "Mine");
}

}  // namespace
}  // namespace tamiti::test
