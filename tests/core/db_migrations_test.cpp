#include <thread>

#include <gtest/gtest.h>

#include "core/db/error.hpp"
#include "core/db/migrations.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

using Names = std::vector<std::string>;

class Migrations : public testing::Test {
protected:
    Names migrate_all(const std::vector<Migration>& migrations, const Names& apps = {"one", "two"}) {
        return migrate(owner, migrations, apps, database.app_role()).applied;
    }

    std::string refusal_of(const std::vector<Migration>& migrations, const Names& apps = {"one", "two"}) {
        try {
            migrate_all(migrations, apps);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "none";
    }

    bool exists(const std::string& relation) {
        return !owner.run("SELECT to_regclass($1)", Params::of("public." + relation))[0].is_null(0);
    }

    test::TestDatabase database{test::TestDatabase::Kind::empty};
    Connection owner{database.as_owner()};
};

TEST_F(Migrations, AreAppliedOnceTheEnginesFirstThenAppByAppByNumber) {
    const std::vector<Migration> all{{"two", "0001_two", "CREATE TABLE two (one int REFERENCES one)"},
                                     {"one", "0002_more", "ALTER TABLE one ADD more int"},
                                     {"one", "0001_one", "CREATE TABLE one (id int PRIMARY KEY)"},
                                     {"core", "0001_core", "CREATE TABLE ground (n int)"},
                                     {"elsewhere", "0001_x", "CREATE TABLE elsewhere (n int)"}};
    const Names order{"core/0001_core", "one/0001_one", "one/0002_more", "two/0001_two"};
    EXPECT_EQ(pending(owner, all, {"one", "two"}), order);
    Names told;
    EXPECT_EQ(
        migrate(owner, all, {"one", "two"}, "", [&](const auto& name) { told.push_back(name); }).applied,
        order);
    EXPECT_EQ(told, order);
    EXPECT_EQ(pending(owner, all, {"one", "two"}), Names{});
    EXPECT_EQ(migrate_all(all), Names{});
    EXPECT_FALSE(exists("elsewhere")) << "an app that isn't installed was migrated";
}

TEST_F(Migrations, ThatFailLeaveNothingOfThemselvesAndKeepTheOnesBefore) {
    const Migration good{"one", "0001_good", "CREATE TABLE good (n int)"};
    const Migration bad{"one", "0002_bad", "CREATE TABLE bad (n int); SELECT 1 / 0"};
    EXPECT_NE(refusal_of({good, bad}).find("one/0002_bad"), std::string::npos);
    EXPECT_TRUE(exists("good"));
    EXPECT_FALSE(exists("bad"));
    EXPECT_EQ(pending(owner, {good, bad}, {"one"}), Names{"one/0002_bad"});
    EXPECT_FALSE(owner.in_transaction());
    EXPECT_EQ(migrate_all({good, {"one", "0002_bad", "CREATE TABLE bad (n int)"}}), Names{"one/0002_bad"});
}

TEST_F(Migrations, RefuseAHistoryThatWasChanged) {
    migrate_all({{"one", "0001_one", "CREATE TABLE one (n int)"}});
    const Migration next{"one", "0002_next", "CREATE TABLE next (n int)"};
    const auto refusal = refusal_of({{"one", "0001_one", "CREATE TABLE one (n bigint)"}, next});
    EXPECT_NE(refusal.find("one/0001_one was changed"), std::string::npos) << refusal;
    EXPECT_FALSE(exists("next")) << "something was applied all the same";
}

TEST_F(Migrations, RefuseADatabaseThatIsNewerThanTheProgram) {
    const Migration first{"one", "0001_one", "CREATE TABLE one (n int)"};
    const Migration second{"one", "0002_more", "ALTER TABLE one ADD more int"};
    migrate_all({first, second});
    EXPECT_NE(refusal_of({first}).find("one/0002_more"), std::string::npos);
    EXPECT_EQ(refusal_of({}, {"two"}), "none") << "an app that was removed keeps its tables";
}

TEST_F(Migrations, MayNotEndTheirOwnTransaction) {
    const auto refusal =
        refusal_of({{"one", "0001_one", "CREATE TABLE one (n int); COMMIT; CREATE TABLE two (n int)"}});
    EXPECT_NE(refusal.find("ends its own transaction"), std::string::npos) << refusal;
    EXPECT_FALSE(owner.in_transaction());
}

TEST_F(Migrations, WithoutTransactionMayMakeIndexesWhileOthersWrite) {
    EXPECT_EQ(migrate_all({{"one", "0001_one", "CREATE TABLE one (n int, m int)"},
                           {"one", "0002_indexes",
                            "-- no transaction\nCREATE INDEX CONCURRENTLY one_n ON one (n);\n"
                            "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_m ON one (m);\n"}})
                  .size(),
              2U);
    EXPECT_TRUE(exists("one_n"));
    EXPECT_TRUE(exists("one_m"));
}

TEST_F(Migrations, WithoutTransactionThrowAwayWhatAFailedAttemptLeft) {
    const Migration table{"one", "0001_one", "CREATE TABLE one (n int); INSERT INTO one VALUES (1), (1)"};
    const Migration index{
        "one", "0002_index",
        "-- no transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_n ON one (n)"};
    EXPECT_NE(refusal_of({table, index}), "none");
    EXPECT_TRUE(exists("one_n")) << "PostgreSQL leaves the invalid index";
    owner.run_script("DELETE FROM one");
    EXPECT_EQ(migrate_all({table, index}), Names{"one/0002_index"});
    EXPECT_TRUE(
        owner.run("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_n'::regclass")[0].boolean(0));
}

TEST_F(Migrations, WaitForATableThatIsInUseWithoutBlockingIt) {
    const Migration table{"one", "0001_one", "CREATE TABLE one (n int)"};
    migrate_all({table});
    Connection reader(database.as_owner());
    reader.run_script("BEGIN; SELECT FROM one");
    std::thread ends_later([&] {
        std::this_thread::sleep_for(
            std::chrono::milliseconds(2500));  // longer than the migrator waits for a lock
        reader.run_script("COMMIT");
    });
    EXPECT_EQ(migrate_all({table, {"one", "0002_more", "ALTER TABLE one ADD more int"}}),
              Names{"one/0002_more"});
    ends_later.join();
}

TEST_F(Migrations, AreAppliedByOneMigratorAtATime) {
    const std::vector<Migration> all{{"one", "0001_one", "CREATE TABLE one (n int); SELECT pg_sleep(0.1)"},
                                     {"one", "0002_more", "ALTER TABLE one ADD more int"}};
    std::atomic<std::size_t> applied = 0;
    std::vector<std::thread> migrators;
    for (int i = 0; i < 4; ++i) {
        migrators.emplace_back([&] {
            Connection connection(database.as_owner());
            applied += migrate(connection, all, {"one"}, "").applied.size();
        });
    }
    for (auto& migrator : migrators) migrator.join();
    EXPECT_EQ(applied, 2U);
}

TEST_F(Migrations, GiveTheProgramWhatItNeedsAndNoMore) {
    migrate_all({{"one", "0001_one",
                  "CREATE TABLE plain (id int GENERATED BY DEFAULT AS IDENTITY, n int);"
                  "CREATE TABLE journal (n int); COMMENT ON TABLE journal IS 'append-only: who did what';"
                  "CREATE TABLE secret (n int); COMMENT ON TABLE secret IS 'migrator-only';"
                  "CREATE SEQUENCE numbers; CREATE VIEW seen AS SELECT n FROM plain"}});
    Connection app(database.as_app());
    const auto sqlstate = [&](const char* sql) -> std::string {
        try {
            app.run(sql);
            return "fine";
        } catch (const Error& error) {
            return error.sqlstate;
        }
    };
    for (const auto* sql : {"INSERT INTO plain (n) VALUES (1)", "UPDATE plain SET n = 2", "DELETE FROM plain",
                            "SELECT FROM plain", "INSERT INTO journal VALUES (1)", "SELECT FROM journal",
                            "SELECT nextval('numbers')", "SELECT FROM seen", "SELECT FROM core_migration"}) {
        EXPECT_EQ(sqlstate(sql), "fine") << sql;
    }
    for (const auto* sql :
         {"TRUNCATE plain", "DROP TABLE plain", "CREATE TABLE own (n int)", "UPDATE journal SET n = 2",
          "DELETE FROM journal", "TRUNCATE journal", "SELECT FROM secret", "INSERT INTO secret VALUES (1)",
          "UPDATE seen SET n = 1", "DELETE FROM core_migration", "UPDATE core_migration SET checksum = ''"}) {
        EXPECT_EQ(sqlstate(sql), "42501") << sql;
    }
    EXPECT_EQ(pending(app, {}, {}), Names{});
}

TEST_F(Migrations, TakeRightsBackWhenATableBecomesAppendOnly) {
    const Migration first{"one", "0001_one", "CREATE TABLE journal (n int)"};
    const Migration second{"one", "0002_seal", "COMMENT ON TABLE journal IS 'append-only'"};
    migrate_all({first});
    Connection app(database.as_app());
    app.run("DELETE FROM journal");
    migrate_all({first, second});
    EXPECT_THROW(app.run("DELETE FROM journal"), Error);
}

TEST_F(Migrations, LeaveTheSessionAsItWas) {
    migrate_all({});
    const auto limits =
        owner.run("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')");
    EXPECT_EQ(limits[0].text(0), "10s");
    EXPECT_EQ(limits[0].text(1), "2s");
    EXPECT_EQ(owner.run("SELECT FROM pg_locks WHERE locktype = 'advisory'").size(), 0);
}

}  // namespace
}  // namespace tamiti::db
