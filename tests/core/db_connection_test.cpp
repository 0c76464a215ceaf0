#include <chrono>
#include <cstdio>
#include <functional>

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "core/base/log.hpp"
#include "core/db/connection.hpp"
#include "core/db/error.hpp"
#include "core/db/statement_cache.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

class Connections : public testing::Test {
protected:
    static void SetUpTestSuite() {
        database_ = std::make_unique<test::TestDatabase>(test::TestDatabase::Kind::empty);
    }
    static void TearDownTestSuite() { database_.reset(); }

    static ConnectionSettings settings() { return database_->as_owner(); }

    static std::string sqlstate_of(const std::function<void()>& work) {
        try {
            work();
        } catch (const Error& error) {
            return error.sqlstate;
        }
        return "none";
    }

    // The messages of one kind that the client sends meanwhile; a Sync is what makes the server answer: one
    // for each round trip.
    static int sent(Connection& connection, const std::string& kind, const std::function<void()>& work) {
        std::FILE* trace = std::tmpfile();
        PQtrace(connection.get(), trace);
        PQsetTraceFlags(connection.get(), PQTRACE_SUPPRESS_TIMESTAMPS);
        work();
        PQuntrace(connection.get());
        std::rewind(trace);
        int count = 0;
        char line[4096];
        while (std::fgets(line, sizeof line, trace) != nullptr) {
            const std::string_view text(line);
            count += text.starts_with("F\t") && text.find("\t" + kind) != std::string_view::npos ? 1 : 0;
        }
        std::fclose(trace);
        return count;
    }

    static inline std::unique_ptr<test::TestDatabase> database_;
    Connection connection{settings()};
};

TEST_F(Connections, ReadValues) {
    const auto result = connection.run("SELECT $1::int AS a, $2::text AS b, NULL AS c, $3::boolean AS d",
                                       Params::of(42, "x", true));
    ASSERT_EQ(result.size(), 1);
    EXPECT_EQ(result[0].integer(0), 42);
    EXPECT_EQ(result[0].text(1), "x");
    EXPECT_TRUE(result[0].is_null(2));
    EXPECT_EQ(result[0].optional_text(2), std::nullopt);
    EXPECT_TRUE(result[0].boolean(3));
    EXPECT_EQ(result.column("d"), 3);
    EXPECT_EQ(result.column("e"), -1);
    EXPECT_THROW(result[0].integer(1), std::out_of_range);
}

TEST_F(Connections, CountTheRowsThatWereTouched) {
    connection.run_script("CREATE TEMP TABLE things (n int)");
    EXPECT_EQ(connection.run("INSERT INTO things SELECT generate_series(1, 7)").affected(), 7);
    EXPECT_EQ(connection.run("UPDATE things SET n = 0 WHERE n > 5").affected(), 2);
    int rows = 0;
    for (const auto row : connection.run("SELECT n FROM things")) rows += row.columns();
    EXPECT_EQ(rows, 7);
}

TEST_F(Connections, SpeakInTextFormsThatDontDependOnTheServer) {
    connection.run_script(
        "ALTER ROLE current_user SET timezone = 'Africa/Kampala'; ALTER ROLE current_user SET datestyle = "
        "'German'");
    Connection fresh(settings());
    connection.run_script("ALTER ROLE current_user RESET ALL");
    const auto result =
        fresh.run("SELECT timestamptz '2026-02-03 10:00+03', interval '90 min', '\\x00ff'::bytea");
    EXPECT_EQ(result[0].text(0), "2026-02-03 07:00:00+00");
    EXPECT_EQ(result[0].text(1), "PT1H30M");
    EXPECT_EQ(result[0].text(2), "\\x00ff");
}

TEST_F(Connections, TakeOneRoundTripForAnyStatementAlsoTheFirstTime) {
    const auto run = [&] { connection.run("SELECT $1::int + 1", Params::of(1)); };
    for (int i = 0; i < StatementCache::often; ++i) EXPECT_EQ(sent(connection, "Sync", run), 1);
    EXPECT_EQ(sent(connection, "Sync", run), 1) << "kept from now on";
    EXPECT_EQ(sent(connection, "Parse", run), 0) << "it was prepared again";
}

TEST_F(Connections, TakeOneRoundTripForManyStatements) {
    const auto one = Params::of(1);
    std::vector<Result> results;
    const int syncs = sent(connection, "Sync", [&] {
        results = connection.run_all(
            {{"BEGIN", nullptr}, {"SELECT $1::int", &one}, {"SELECT $1::int", &one}, {"COMMIT", nullptr}});
    });
    EXPECT_EQ(syncs, 1);
    ASSERT_EQ(results.size(), 4U);
    EXPECT_EQ(results[2][0].integer(0), 1);
    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(connection.statements(), 4U);
}

TEST_F(Connections, RunNothingAfterAFailureAndKeepNothingBeforeIt) {
    connection.run_script("CREATE TEMP TABLE things (n int)");
    EXPECT_EQ(sqlstate_of([&] {
                  connection.run_all({{"INSERT INTO things VALUES (1)", nullptr},
                                      {"SELECT 1 / 0", nullptr},
                                      {"INSERT INTO things VALUES (2)", nullptr}});
              }),
              "22012");
    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(connection.run("SELECT FROM things").size(), 0);
}

TEST_F(Connections, LeaveAnOpenTransactionAbortedAfterAFailure) {
    connection.run("BEGIN");
    EXPECT_EQ(sqlstate_of([&] {
                  connection.run_all({{"SELECT 1 / 0", nullptr}, {"SELECT 1", nullptr}});
              }),
              "22012");
    EXPECT_TRUE(connection.in_transaction());
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELECT 1"); }), "25P02");
    connection.run("ROLLBACK");
    EXPECT_EQ(connection.run("SELECT 1")[0].integer(0), 1);
}

TEST_F(Connections, SayWhichConstraintWasBroken) {
    connection.run_script("CREATE TEMP TABLE things (n int CONSTRAINT things_n_is_small CHECK (n < 10))");
    try {
        connection.run("INSERT INTO things VALUES ($1)", Params::of(11));
        FAIL() << "was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.sqlstate, "23514");
        EXPECT_EQ(error.constraint, "things_n_is_small");
        EXPECT_EQ(error.table, "things");
    }
}

TEST_F(Connections, GoOnAfterAStatementThatCantBePrepared) {
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELEC 1"); }), "42601");
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELEC 1"); }), "42601");
    EXPECT_EQ(connection.run("SELECT 1")[0].integer(0), 1);
}

TEST_F(Connections, PrepareAnewWhenATableWasAltered) {
    connection.run_script("CREATE TEMP TABLE things AS SELECT 1 AS n");
    const auto columns = [&] { return connection.run("SELECT * FROM things")[0].columns(); };
    EXPECT_EQ(columns(), 1);
    connection.run_script("ALTER TABLE things ADD more int");
    EXPECT_EQ(columns(), 2);
    connection.run_script("ALTER TABLE things ADD still_more int");
    const auto results =
        connection.run_all({{"BEGIN", nullptr}, {"SELECT * FROM things", nullptr}, {"COMMIT", nullptr}});
    EXPECT_EQ(results[1][0].columns(), 3);
    connection.run_script("DEALLOCATE ALL");
    EXPECT_EQ(columns(), 3);
}

TEST_F(Connections, TellTheOwnerOfATransactionThatAPlanIsStaleAndWorkTheNextTime) {
    connection.run_script("CREATE TEMP TABLE things AS SELECT 1 AS n");
    for (int i = 0; i < StatementCache::often; ++i) connection.run("SELECT * FROM things");
    connection.run("BEGIN");
    connection.run_script("ALTER TABLE things ADD more int");
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELECT * FROM things"); }), "0A000");
    connection.run("ROLLBACK");
    connection.run("BEGIN");
    connection.run_script("ALTER TABLE things ADD more int");
    EXPECT_EQ(connection.run("SELECT * FROM things")[0].columns(), 2);
    connection.run("ROLLBACK");
}

TEST_F(Connections, KeepNothingOfWhatIsAskedNowAndThen) {
    for (int i = 0; i < 50; ++i) connection.run("SELECT " + std::to_string(i));
    for (int i = 2; i < StatementCache::often; ++i) connection.run("SELECT 49");
    EXPECT_EQ(connection.run("SELECT count(*) FROM pg_prepared_statements")[0].integer(0), 0);
    connection.run("SELECT 49");
    EXPECT_EQ(connection.run("SELECT statement FROM pg_prepared_statements")[0].text(0), "SELECT 49");
}

TEST_F(Connections, KeepNoMoreThanSixtyStatements) {
    for (int i = 0; i < 200 * StatementCache::often; ++i)
        connection.run("SELECT " + std::to_string(i / StatementCache::often));
    const auto kept = connection.run("SELECT count(*) FROM pg_prepared_statements")[0].integer(0);
    EXPECT_LE(kept, 61);  // the one that is being asked may be over the limit
    EXPECT_GE(kept, 59);
    const int parses = sent(connection, "Parse", [&] { connection.run("SELECT 199"); });
    EXPECT_EQ(parses, 0) << "a recent statement was forgotten";
}

TEST_F(Connections, GiveUpAStatementEvenIfTheServerHasForgottenAnother) {
    Connection session(settings());
    for (int i = 0; i < StatementCache::often; ++i) session.run("SELECT 1");  // s1
    for (int i = 0; i < StatementCache::often; ++i) session.run("SELECT 2");  // s2
    session.run_script("DEALLOCATE s1");
    session.run_all({{"SELECT 1", nullptr}, {"SELECT 2", nullptr}});
    const auto kept = session.run("SELECT FROM pg_prepared_statements WHERE name IN ('s1', 's2')");
    EXPECT_EQ(kept.size(), 0) << "the server keeps what nobody can use any more";
}

TEST_F(Connections, SendAndReceiveMoreThanBothSidesCanHold) {
    const auto large = Params::of(std::string(4U << 20U, 'x'));
    const std::vector<Statement> statements(8, {"SELECT $1::text", &large});
    for (const auto& result : connection.run_all(statements)) EXPECT_EQ(result[0].text(0).size(), 4U << 20U);
}

TEST_F(Connections, SayWhenTheyWereLost) {
    connection.run("SELECT 1");
    Connection killer(settings());
    killer.run("SELECT pg_terminate_backend($1::int)", Params::of(PQbackendPID(connection.get())));
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELECT 1"); }), "08006");
    EXPECT_FALSE(connection.is_open());
    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(sqlstate_of([&] { connection.run("SELECT 1"); }), "08003");
    EXPECT_EQ(sqlstate_of([&] { connection.run_all({{"SELECT 1", nullptr}}); }), "08003");
}

TEST_F(Connections, RefuseToCopy) {
    EXPECT_EQ(sqlstate_of([&] { connection.run_script("COPY pg_database TO STDOUT"); }), "0A000");
    EXPECT_FALSE(connection.is_open());
}

TEST_F(Connections, EndAStatementThatTakesTooLong) {
    auto impatient = settings();
    impatient.statement_timeout_ms = 50;
    Connection session(impatient);
    EXPECT_EQ(sqlstate_of([&] { session.run("SELECT pg_sleep(10)"); }), "57014");
    EXPECT_TRUE(session.is_open());
}

TEST_F(Connections, DontWaitLongForALock) {
    connection.run_script("CREATE TABLE locked (n int)");
    connection.run_script("BEGIN; LOCK TABLE locked");
    auto impatient = settings();
    impatient.lock_timeout_ms = 50;
    Connection session(impatient);
    EXPECT_EQ(sqlstate_of([&] { session.run("SELECT FROM locked"); }), "55P03");
    connection.run_script("ROLLBACK");
}

TEST_F(Connections, WriteOneLineASecondOfWhatTheServerTellsUnasked) {
    const auto warn = [&](const std::string& text, int times) {
        connection.run_script("DO $$ BEGIN FOR i IN 1.." + std::to_string(times) + " LOOP RAISE WARNING '" +
                              text + "'; END LOOP; END $$");
    };
    const auto lines_with = [](const std::string& text, const std::function<void()>& work) {
        log::flush();
        testing::internal::CaptureStdout();
        work();
        log::flush();
        const std::string out = testing::internal::GetCapturedStdout();
        int count = 0;
        for (std::size_t at = out.find(text); at != std::string::npos; at = out.find(text, at + 1)) ++count;
        return count;
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    int first = 0;
    while (first == 0 && std::chrono::steady_clock::now() < end)
        first = lines_with("the first", [&] { warn("the first", 1); });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(lines_with("a flood", [&] { warn("a flood", 1000); }), 0) << "within the second";
}

TEST(ConnectionAddresses, ThatLeadNowhereAreErrorsOfClass08WithoutThePassword) {
    for (const auto* url :
         {"postgresql://user:topsecret@/x?host=/nonexistent", "postgresql://user:topsecret@127.0.0.1:1/x",
          "postgresql://user:topsecret@/x?colour=red", "no address"}) {
        try {
            Connection session({.url = url});
            FAIL() << url;
        } catch (const Error& error) {
            EXPECT_EQ(error.sqlstate, "08001") << url;
            EXPECT_EQ(std::string(error.what()).find("topsecret"), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace tamiti::db
