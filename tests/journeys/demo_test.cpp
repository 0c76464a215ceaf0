#include "core/model/tx.hpp"
#include "core/program/command_line.hpp"
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

TEST_F(Demo, LetsProductionBeginWithDepartmentsAndDesignationsAndNobodyInThem) {
    settings.env = "prod";
    db::Connection(database.as_owner())
        .run(
            "INSERT INTO users_department (id, name) VALUES"
            " ('01890a5d-ac96-774b-bcce-b302099a8057', 'FINANCE')");
    Program program(settings);
    EXPECT_EQ(run_command(program, {"seed", "--demo"}), 1);
    EXPECT_EQ(value("SELECT count(*) FROM users_department"), "1");
    const std::string names = "SELECT string_agg(name, ' ' ORDER BY name) FROM users_";
    for (int times : {1, 2}) {
        EXPECT_EQ(run_command(program, {"seed"}), 0);
        EXPECT_EQ(value(names + "department"), "Content Digital FINANCE Field Management Operations")
            << times;
        EXPECT_EQ(value(names + "designation"), "Agent Director Head Officer Senior") << times;
    }
    EXPECT_EQ(value("SELECT count(*) FROM users_user"), "0");
    settings.env = "dev";
    Program development(settings);
    EXPECT_EQ(run_command(development, {"seed", "--demo"}), 0);
    EXPECT_EQ(value("SELECT username FROM users_user WHERE department ="
                    " '01890a5d-ac96-774b-bcce-b302099a8057'"),
              "finance")
        << "the demo's people are in the departments that are there";
}

TEST_F(Demo, BringsBackNoNameThatTheStudioHasChanged) {
    Program program(settings);
    ASSERT_EQ(run_command(program, {"seed"}), 0);
    db::Connection(database.as_owner())
        .run("UPDATE users_department SET name = 'Films' WHERE name = 'Content'");
    ASSERT_EQ(run_command(program, {"seed"}), 0);
    EXPECT_EQ(value("SELECT string_agg(name, ' ' ORDER BY name) FROM users_department"),
              "Digital Field Films Finance Management Operations");
}

}  // namespace
}  // namespace tamiti::test
