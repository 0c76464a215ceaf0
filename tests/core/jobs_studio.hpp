#pragma once

#include <gtest/gtest.h>

#include <boost/describe/class.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/jobs/attempt.hpp"
#include "core/jobs/job.hpp"
#include "core/program/registry.hpp"
#include "tests/support/database.hpp"

namespace tamiti::test {

/// A job whose function each test brings.
struct Work {
    static constexpr std::string_view job_name = "test.work";
    std::string text{};
};
BOOST_DESCRIBE_STRUCT(Work, (), (text))

/// The same that works outside of transactions.
struct Call {
    static constexpr std::string_view job_name = "test.call";
    std::string text{};
};
BOOST_DESCRIBE_STRUCT(Call, (), (text))

/// A second kind in another queue.
struct Letter {
    static constexpr std::string_view job_name = "test.letter";
    int number = 0;
};
BOOST_DESCRIBE_STRUCT(Letter, (), (number))

/// The engine and one app whose jobs do what a test says, over a database of the suite's own.
class Jobs : public ::testing::Test {
public:
    static inline std::function<JobResult(Tx&, const Work&)> on_work;
    static inline std::function<JobResult(JobRun&, const Call&)> on_call;
    static inline std::function<JobResult(Tx&, const Letter&)> on_letter;

    static App app() {
        return {.name = "test",
                .jobs = {job<Work>(+[](Tx& tx, const Work& job) { return on_work(tx, job); },
                                   {.max_attempts = 3, .timeout = std::chrono::seconds(1)}),
                         job<Call>(+[](JobRun& run, const Call& job) { return on_call(run, job); },
                                   {.max_attempts = 3, .version = 2}),
                         job<Letter>(+[](Tx& tx, const Letter& job) { return on_letter(tx, job); },
                                     {.queue = "mail"})}};
    }

    static void SetUpTestSuite() {
        database = std::make_unique<TestDatabase>();
        db::Connection(database->as_owner())
            .run_script(
                "CREATE TABLE effect (job text, note text);"
                "GRANT ALL ON effect TO " +
                database->app_role());
        settings.database_url = database->app_url();
        settings.secret_key = "a secret of the tests that is long enough";
        registry = std::make_unique<Registry>(std::vector<App>{engine(), app()});
        site = default_site(settings);
        registry->install(*site);
    }
    static void TearDownTestSuite() {
        site.reset();
        registry.reset();
        database.reset();
    }

    void SetUp() override {
        sql("TRUNCATE effect");
        sql("DELETE FROM core_job");
        sql("DELETE FROM core_event");
        sql("DELETE FROM core_worker");
        on_work = [](Tx& tx, const Work& job) {
            tx.execute({"INSERT INTO effect VALUES ('work', {})", job.text});
            return done();
        };
        on_call = [](JobRun&, const Call&) { return done(); };
        on_letter = [](Tx&, const Letter&) { return done(); };
    }

    template <class... Values>
    static std::string sql(const std::string& query, const Values&... values) {
        const auto connection = site->pool->acquire();
        const auto rows = connection->run(query, db::Params::of(values...));
        return rows.empty() ? std::string() : std::string(rows[0].text(0));
    }

    template <class T>
    static Uuid enqueue(const T& job, const JobOptions& options = {}) {
        return transact(*site, Actor::system(), [&](Tx& tx) { return tx.enqueue(job, options); });
    }

    static std::string state(const Uuid& job) { return sql("SELECT state FROM core_job WHERE id = $1", job); }
    static std::string error(const Uuid& job) {
        return sql("SELECT last_error FROM core_job WHERE id = $1", job);
    }
    static void make_due() { sql("UPDATE core_job SET run_at = now() WHERE state = 'waiting'"); }
    static std::string effects() {
        return sql("SELECT coalesce(string_agg(note, ' ' ORDER BY note), '') FROM effect");
    }
    static int run() { return jobs::run_due(*site); }

    static inline std::unique_ptr<TestDatabase> database;
    static inline Settings settings{};
    static inline std::unique_ptr<Registry> registry;
    static inline std::shared_ptr<Site> site;
};

}  // namespace tamiti::test
