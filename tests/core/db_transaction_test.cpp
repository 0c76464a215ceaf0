#include <thread>

#include <gtest/gtest.h>

#include "core/base/problem.hpp"
#include "core/db/statement_cache.hpp"
#include "core/db/transaction.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

class Transactions : public testing::Test {
protected:
    using Mode = Transaction::Mode;

    static void SetUpTestSuite() {
        database_ = std::make_unique<test::TestDatabase>(test::TestDatabase::Kind::empty);
        Connection(database_->as_owner())
            .run_script("CREATE TABLE counter (name text PRIMARY KEY, value int NOT NULL)");
    }
    static void TearDownTestSuite() { database_.reset(); }

    void SetUp() override {
        pool.acquire()->run_script("TRUNCATE counter; INSERT INTO counter VALUES ('a', 0), ('b', 0)");
    }

    std::int64_t value(std::string_view name) {
        return pool.acquire()->run("SELECT value FROM counter WHERE name = $1", Params::of(name))[0].integer(
            0);
    }

    // What the engine does with the verb of a request.
    int attempts_of(const std::function<void(Transaction&)>& work) {
        for (int attempt = 0;; ++attempt) {
            Transaction transaction(pool, Mode::write);
            try {
                work(transaction);
                transaction.commit();
                return attempt + 1;
            } catch (const Error& error) {
                if (!may_retry(error, attempt, transaction.may_have_run())) throw;
            }
        }
    }

    static inline std::unique_ptr<test::TestDatabase> database_;
    Pool pool{database_->as_owner(), 4, std::chrono::milliseconds(5000)};
};

TEST_F(Transactions, TakeNoConnectionBeforeTheirFirstStatement) {
    Transaction transaction(pool, Mode::write);
    EXPECT_EQ(pool.in_use(), 0);
    transaction.commit();
    EXPECT_EQ(pool.acquire()->statements(), 1U) << "something was sent besides the fixture's own script";
}

TEST_F(Transactions, KeepTheirChangesOnlyWhenCommitted) {
    {
        Transaction forgotten(pool, Mode::write);
        forgotten.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    }
    EXPECT_EQ(value("a"), 0);
    Transaction transaction(pool, Mode::write);
    transaction.run("UPDATE counter SET value = 2 WHERE name = 'a'");
    EXPECT_EQ(transaction.statements(), 1U);
    transaction.commit();
    EXPECT_EQ(pool.in_use(), 0);
    EXPECT_EQ(value("a"), 2);
}

TEST_F(Transactions, TellTheDatabaseWhoChangesAndForgetItAfterwards) {
    Transaction transaction(pool, Mode::write, {"ada", "192.0.2.1", "r-7"});
    const auto ask =
        "SELECT current_setting('tamiti.actor', true), current_setting('tamiti.address', true),"
        " current_setting('tamiti.request', true)";
    const auto inside = transaction.run(ask);
    EXPECT_EQ(inside[0].text(0), "ada");
    EXPECT_EQ(inside[0].text(1), "192.0.2.1");
    EXPECT_EQ(inside[0].text(2), "r-7");
    transaction.commit();
    EXPECT_EQ(pool.acquire()->run(ask)[0].text(0), "");
}

TEST_F(Transactions, ThatReadSeeOneStateAndCantWrite) {
    Transaction reading(pool, Mode::read);
    EXPECT_EQ(reading.run("SELECT value FROM counter WHERE name = 'a'")[0].integer(0), 0);
    pool.acquire()->run("UPDATE counter SET value = 5 WHERE name = 'a'");
    EXPECT_EQ(reading.run("SELECT value FROM counter WHERE name = 'a'")[0].integer(0), 0);
    try {
        reading.run("UPDATE counter SET value = 1");
        FAIL() << "was written";
    } catch (const Error& error) {
        EXPECT_EQ(error.sqlstate, "25006");
        EXPECT_EQ(problem_of(error), nullptr) << "it is a bug, not the client's fault";
    }
}

TEST_F(Transactions, OfOneStatementBeginNothing) {
    Transaction single(pool, Mode::single);
    const auto id = [&] { return std::string(single.run("SELECT pg_current_xact_id()")[0].text(0)); };
    EXPECT_NE(id(), id());
    single.commit();
    EXPECT_EQ(pool.acquire()->statements(), 3U) << "two and the fixture's own script";
}

TEST_F(Transactions, RunCallbacksOnlyAfterTheCommitAndSurviveTheirFaults) {
    int ran = 0;
    {
        Transaction forgotten(pool, Mode::write);
        forgotten.after_commit([&] { ++ran; });
        forgotten.run("SELECT 1");
    }
    EXPECT_EQ(ran, 0);
    Transaction transaction(pool, Mode::write);
    transaction.after_commit([] { throw std::runtime_error("the cache is away"); });
    transaction.after_commit([&] { ++ran; });
    transaction.run("SELECT 1");
    transaction.commit();
    EXPECT_EQ(ran, 1);
    EXPECT_THROW(transaction.run("SELECT 1"), std::logic_error);
    EXPECT_THROW(transaction.commit(), std::logic_error);
}

TEST_F(Transactions, AreNotCommittedWhereAFailureWasCaught) {
    bool told = false;
    Transaction transaction(pool, Mode::write);
    transaction.after_commit([&] { told = true; });
    transaction.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    EXPECT_THROW(transaction.run("SELECT 1 / 0"), Error);
    EXPECT_THROW(transaction.commit(), Error);
    EXPECT_FALSE(told);
    EXPECT_EQ(value("a"), 0);
}

TEST_F(Transactions, SendWhatNeedsNoAnswerWithTheNextStatementInItsOrder) {
    Transaction transaction(pool, Mode::write);
    transaction.send("UPDATE counter SET value = 1 WHERE name = $1", Params::of("a"));
    EXPECT_EQ(pool.in_use(), 0) << "nothing was sent yet";
    EXPECT_EQ(transaction.run("SELECT value FROM counter WHERE name = 'a'")[0].integer(0), 1);
    transaction.send("UPDATE counter SET value = value + 1 WHERE name = $1", Params::of("a"));
    transaction.send("UPDATE counter SET value = value * 10 WHERE name = $1", Params::of("a"));
    EXPECT_EQ(value("a"), 0) << "nothing was kept yet";
    transaction.commit();
    EXPECT_EQ(value("a"), 20);
}

TEST_F(Transactions, KeepNothingWhereWhatWasSentFails) {
    Transaction transaction(pool, Mode::write);
    transaction.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    transaction.send("INSERT INTO counter VALUES ('b', 1)", {});
    EXPECT_THROW(transaction.commit(), Error);
    EXPECT_EQ(value("a"), 0);
    Transaction caught(pool, Mode::write);
    caught.send("INSERT INTO counter VALUES ('b', 1)", {});
    EXPECT_THROW(caught.run("UPDATE counter SET value = 1"), Error);
    EXPECT_THROW(caught.commit(), Error);
    EXPECT_EQ(value("a"), 0);
}

TEST_F(Transactions, AskWithTheNextStatementAndTellTheAnswerFirst) {
    std::string told;
    Transaction transaction(pool, Mode::write);
    transaction.send("UPDATE counter SET value = 7 WHERE name = $1", Params::of("a"));
    transaction.ask("SELECT value FROM counter WHERE name = $1", Params::of("a"),
                    [&](const Result& result) { told = result[0].text(0); });
    EXPECT_EQ(pool.in_use(), 0) << "nothing was sent yet";
    transaction.run("UPDATE counter SET value = 8 WHERE name = 'a'");
    EXPECT_EQ(told, "7");
    EXPECT_EQ(transaction.round_trips(), 1U);
    transaction.commit();
    EXPECT_EQ(transaction.round_trips(), 2U);
    EXPECT_EQ(value("a"), 8);
}

TEST_F(Transactions, TellWhatWasAskedBeforeAStatementThatFails) {
    Transaction transaction(pool, Mode::write);
    transaction.ask("SELECT value FROM counter WHERE name = 'a'", {},
                    [](const Result& result) { throw NotFound(std::string(result[0].text(0))); });
    EXPECT_THROW(transaction.run("SELECT 1 / 0"), NotFound) << "not the Error of the division";
    EXPECT_THROW(transaction.commit(), Error);
}

TEST_F(Transactions, AreNeverCommittedBeforeTheAnswer) {
    Transaction transaction(pool, Mode::write);
    transaction.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    transaction.ask("SELECT value FROM counter WHERE name = 'a'", {},
                    [](const Result&) { throw NotFound(); });
    transaction.send("UPDATE counter SET value = 2 WHERE name = 'a'", {});
    EXPECT_THROW(transaction.commit(), NotFound);
    transaction.roll_back();
    EXPECT_EQ(value("a"), 0);
}

TEST_F(Transactions, SettleWhatWasAskedAndNothingBehindIt) {
    bool told = false;
    Transaction transaction(pool, Mode::write);
    transaction.settle();
    EXPECT_EQ(pool.in_use(), 0) << "nothing was asked";
    transaction.ask("SELECT 1", {}, [&](const Result&) { told = true; });
    transaction.send("SELECT 1 / 0", {});
    transaction.settle();
    EXPECT_TRUE(told);
    EXPECT_THROW(transaction.commit(), Error);
}

TEST_F(Transactions, CommitInTheRoundTripOfTheirLastStatements) {
    int followed = 0;
    Transaction transaction(pool, Mode::write);
    transaction.after_commit([&] { ++followed; });
    const auto results = transaction.run_last({{"UPDATE counter SET value = 1 WHERE name = 'a'", nullptr},
                                               {"SELECT value FROM counter WHERE name = 'a'", nullptr}});
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[1][0].integer(0), 1);
    EXPECT_EQ(value("a"), 1) << "kept already";
    EXPECT_EQ(transaction.round_trips(), 1U);
    EXPECT_THROW(transaction.run("SELECT 1"), std::logic_error);
    EXPECT_THROW(transaction.send("SELECT 1", {}), std::logic_error);
    EXPECT_EQ(followed, 0);
    transaction.commit();
    EXPECT_EQ(followed, 1);
    EXPECT_EQ(transaction.round_trips(), 1U);
}

TEST_F(Transactions, KeepNothingWhereOneOfTheirLastStatementsFails) {
    Transaction transaction(pool, Mode::write);
    transaction.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    EXPECT_THROW(transaction.run_last(
                     {{"UPDATE counter SET value = 2 WHERE name = 'b'", nullptr}, {"SELECT 1 / 0", nullptr}}),
                 Error);
    transaction.roll_back();
    EXPECT_EQ(value("a"), 0);
    EXPECT_EQ(value("b"), 0);
}

TEST_F(Transactions, HearWhatWasAskedBeforeTheirLastStatements) {
    Transaction transaction(pool, Mode::write);
    transaction.ask("SELECT 1", {}, [](const Result&) { throw NotFound(); });
    EXPECT_THROW(transaction.run_last({{"UPDATE counter SET value = 1 WHERE name = 'a'", nullptr}}),
                 NotFound);
    transaction.roll_back();
    EXPECT_EQ(value("a"), 0);
}

TEST_F(Transactions, ThatAreRolledBackBeginAnew) {
    int ran = 0;
    Transaction transaction(pool, Mode::write);
    transaction.run("UPDATE counter SET value = 1 WHERE name = 'a'");
    transaction.send("UPDATE counter SET value = 2 WHERE name = 'a'", {});
    transaction.after_commit([&] { ++ran; });
    transaction.roll_back();
    EXPECT_EQ(pool.in_use(), 0);
    transaction.send("UPDATE counter SET value = 3 WHERE name = 'b'", {});
    transaction.commit();
    EXPECT_EQ(ran, 0);
    EXPECT_EQ(value("a"), 0);
    EXPECT_EQ(value("b"), 3);
}

TEST_F(Transactions, RunAgainAfterADeadlock) {
    std::atomic<int> holding = 0;
    const auto both = [&](const char* first, const char* second) {
        return [&, first, second](Transaction& transaction) {
            transaction.run("UPDATE counter SET value = value + 1 WHERE name = $1", Params::of(first));
            ++holding;
            // The first time each waits until both hold their first row; from then on there is nothing to
            // wait for.
            while (holding < 2) std::this_thread::yield();
            transaction.run("UPDATE counter SET value = value + 1 WHERE name = $1", Params::of(second));
        };
    };
    int attempts[2] = {};
    std::thread one([&] { attempts[0] = attempts_of(both("a", "b")); });
    std::thread two([&] { attempts[1] = attempts_of(both("b", "a")); });
    one.join();
    two.join();
    EXPECT_GE(attempts[0] + attempts[1], 3) << "there was no deadlock";
    EXPECT_EQ(value("a"), 2);
    EXPECT_EQ(value("b"), 2);
}

TEST_F(Transactions, RunAgainAfterASerializationFailureFiveTimesAtMost) {
    const auto fails = [](Transaction& transaction) {
        transaction.run("UPDATE counter SET value = value + 1");
        transaction.run("DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '40001'; END $$");
    };
    int calls = 0;
    EXPECT_EQ(attempts_of([&](Transaction& transaction) {
                  if (++calls < 4) fails(transaction);
                  transaction.run("UPDATE counter SET value = value + 1");
              }),
              4);
    EXPECT_EQ(value("a"), 1) << "an attempt that failed left something";

    calls = 0;
    EXPECT_THROW(attempts_of([&](Transaction& transaction) {
                     ++calls;
                     fails(transaction);
                 }),
                 Error);
    EXPECT_EQ(calls, 6);
    EXPECT_EQ(value("a"), 1);
}

TEST_F(Transactions, RunAgainOnAConnectionThatDiedWhileIdle) {
    const auto backend = std::string(pool.acquire()->run("SELECT pg_backend_pid()")[0].text(0));
    Connection(database_->as_owner()).run("SELECT pg_terminate_backend($1::int, 5000)", Params::of(backend));
    EXPECT_EQ(attempts_of(
                  [](Transaction& transaction) { transaction.run("UPDATE counter SET value = value + 1"); }),
              2);
    EXPECT_EQ(value("a"), 1);
    const auto other = std::string(pool.acquire()->run("SELECT pg_backend_pid()")[0].text(0));
    Connection(database_->as_owner()).run("SELECT pg_terminate_backend($1::int, 5000)", Params::of(other));
    EXPECT_EQ(attempts_of([](Transaction& transaction) {
                  transaction.send("UPDATE counter SET value = value + 1", {});
              }),
              2)
        << "also where nothing but what was sent is to be kept";
    EXPECT_EQ(value("a"), 2);
}

TEST_F(Transactions, DontRunAgainWhenTheConnectionDiesInTheMiddle) {
    EXPECT_THROW(attempts_of([](Transaction& transaction) {
                     transaction.run("UPDATE counter SET value = value + 1");
                     transaction.run("SELECT pg_terminate_backend(pg_backend_pid())");
                 }),
                 Error);
    EXPECT_EQ(value("a"), 0);
}

TEST_F(Transactions, RunAgainWhenATableWasAlteredMeanwhile) {
    const auto read = [](Transaction& transaction) {
        transaction.run("SELECT 1");
        transaction.run("SELECT * FROM counter");
    };
    for (int i = 0; i < StatementCache::often; ++i)
        EXPECT_EQ(attempts_of(read), 1) << "what is asked again and again is prepared";
    Connection(database_->as_owner()).run_script("ALTER TABLE counter ADD note text");
    EXPECT_EQ(attempts_of(read), 2);
    EXPECT_EQ(attempts_of(read), 1);
}

}  // namespace
}  // namespace tamiti::db
