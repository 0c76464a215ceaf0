#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "core/db/error.hpp"
#include "core/db/pool.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

using std::chrono::milliseconds;
using Watch = std::chrono::steady_clock;

class Pools : public testing::Test {
protected:
    static void SetUpTestSuite() {
        database_ = std::make_unique<test::TestDatabase>(test::TestDatabase::Kind::empty);
    }
    static void TearDownTestSuite() { database_.reset(); }

    static std::string backend(Connection& connection) {
        return std::string(connection.run("SELECT pg_backend_pid()")[0].text(0));
    }

    static void terminate(const std::string& backend) {
        Connection killer(database_->as_owner());
        killer.run("SELECT pg_terminate_backend($1::int, 5000)", Params::of(backend));
    }

    static std::string refusal_of(Pool& pool) {
        try {
            pool.acquire();
        } catch (const Unavailable& problem) {
            EXPECT_EQ(problem.status(), 503);
            EXPECT_FALSE(problem.headers().empty()) << "no Retry-After";
            return problem.code();
        }
        return "none";
    }

    static inline std::unique_ptr<test::TestDatabase> database_;
    Pool pool{database_->as_owner(), 3, milliseconds(50)};
};

TEST_F(Pools, OpenNothingBeforeItIsNeededAndKeepWhatWasOpened) {
    EXPECT_EQ(pool.open(), 0);
    std::string first;
    {
        auto lease = pool.acquire();
        first = backend(*lease);
        EXPECT_EQ(pool.in_use(), 1);
    }
    EXPECT_EQ(pool.open(), 1);
    EXPECT_EQ(pool.in_use(), 0);
    EXPECT_EQ(backend(*pool.acquire()), first);
}

TEST_F(Pools, GiveTheConnectionThatWasUsedLast) {
    auto one = std::make_unique<Pool::Lease>(pool.acquire());
    auto two = std::make_unique<Pool::Lease>(pool.acquire());
    const auto last = backend(**one);
    two.reset();
    one.reset();
    EXPECT_EQ(backend(*pool.acquire()), last);
}

TEST_F(Pools, RefuseAfterTheWaitWhenAllAreInUse) {
    const auto one = pool.acquire();
    const auto two = pool.acquire();
    const auto three = pool.acquire();
    const auto start = Watch::now();
    EXPECT_EQ(refusal_of(pool), "database.busy");
    EXPECT_GE(Watch::now() - start, milliseconds(50));
    EXPECT_EQ(pool.open(), 3);
}

TEST_F(Pools, HandAReturnedConnectionToWhoWaits) {
    Pool patient(database_->as_owner(), 1, std::chrono::seconds(20));
    auto lease = std::make_unique<Pool::Lease>(patient.acquire());
    std::thread waiting([&] { EXPECT_EQ(patient.acquire()->run("SELECT 7")[0].integer(0), 7); });
    lease.reset();
    waiting.join();
    EXPECT_EQ(patient.open(), 1);
}

TEST_F(Pools, RollBackWhatWasLeftOpen) {
    pool.acquire()->run_script("CREATE TABLE left_open (n int)");
    pool.acquire()->run_script("BEGIN; INSERT INTO left_open VALUES (1)");
    const auto lease = pool.acquire();
    EXPECT_FALSE(lease->in_transaction());
    EXPECT_EQ(lease->run("SELECT FROM left_open").size(), 0);
    EXPECT_EQ(pool.open(), 1);
}

TEST_F(Pools, CloseTheOthersTooWhenOneWasLost) {
    {
        const auto one = pool.acquire();
        const auto two = pool.acquire();
    }
    EXPECT_EQ(pool.open(), 2);
    {
        const auto lease = pool.acquire();
        terminate(backend(*lease));
        EXPECT_THROW(lease->run("SELECT 1"), Error);
    }
    EXPECT_EQ(pool.open(), 0);
    EXPECT_EQ(pool.acquire()->run("SELECT 1")[0].integer(0), 1);
}

TEST_F(Pools, RefuseAtOnceWhileTheDatabaseIsAwayAndComeBackByThemselves) {
    // What goes away is a database: it is renamed.
    Connection cluster({.url = std::getenv("TAMITI_TEST_DATABASE_URL")});
    const auto here = database_->name() + "_here";
    const auto gone = database_->name() + "_gone";
    const auto rename = [&](const std::string& from, const std::string& to) {
        cluster.run_script("ALTER DATABASE \"" + from + "\" RENAME TO \"" + to + "\"");
    };
    cluster.run_script("CREATE DATABASE \"" + here + "\"");
    auto settings = database_->as_owner();
    const auto at = settings.url.find(database_->name());
    settings.url.replace(at, database_->name().size(), here);
    auto other_pool = std::make_unique<Pool>(settings, 3, milliseconds(5000));
    Pool& other = *other_pool;
    other.acquire()->run("SELECT 1");
    {
        const auto lease = other.acquire();
        terminate(backend(*lease));
        rename(here, gone);
        EXPECT_THROW(lease->run("SELECT 1"), Error);
    }
    const auto start = Watch::now();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(refusal_of(other), "database.unreachable");
    EXPECT_LT(Watch::now() - start, milliseconds(1500)) << "they waited for the database one after another";
    EXPECT_EQ(other.open(), 0);

    rename(gone, here);
    const auto back = Watch::now();
    while (refusal_of(other) != "none" && Watch::now() - back < milliseconds(3000)) std::this_thread::yield();
    EXPECT_LT(Watch::now() - back, milliseconds(1000));
    other_pool.reset();
    cluster.run_script("DROP DATABASE \"" + here + "\"");
}

TEST_F(Pools, ServeManyThreadsWithoutOpeningMoreThanTheirSize) {
    Pool shared(database_->as_owner(), 3, milliseconds(10000));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 50; ++n) {
                const auto lease = shared.acquire();
                if (lease->run("SELECT $1::int", Params::of(i))[0].integer(0) != i || shared.open() > 3)
                    ++wrong;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(shared.in_use(), 0);
}

}  // namespace
}  // namespace tamiti::db
