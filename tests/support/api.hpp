#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/pipeline.hpp"
#include "core/db/migrations.hpp"
#include "core/program/registry.hpp"
#include "tests/support/answer.hpp"
#include "tests/support/body.hpp"
#include "tests/support/database.hpp"

namespace tamiti::test {

/// When a test's clock begins: now, or so many hours later as the environment variable
/// TAMITI_TEST_AHEAD_HOURS says (an integer, read once; anything else throws std::invalid_argument). So the
/// suite can be run at any hour, day and month: `TAMITI_TEST_AHEAD_HOURS=960 ./dev test`. Jobs, schedules and
/// mails go by the database's clock, which stays where it is.
Timestamp start_of_clock();

/// A clock that stands still until it is told otherwise.
class ManualClock : public Clock {
public:
    Timestamp now() const override { return now_; }
    void set(Timestamp time) { now_ = time; }
    void advance(std::chrono::seconds by) { now_ += by; }

private:
    Timestamp now_ = start_of_clock();
};

/// A job as its row is.
struct Job {
    std::string id{};
    std::string state{};      ///< waiting, blocked, running, done, cancelled or dead
    std::string arguments{};  ///< JSON as PostgreSQL writes it: {"task": "…"}
    int attempt = 0;
    std::string last_error{};
};

/// Some apps at a site of a suite's own: the program's real chain over a real database, without sockets.
/// Requests name who asks, "guest" for nobody.
class Api : public ::testing::Test {
public:
    /// Of a request; one may be there twice.
    struct Headers : std::vector<std::pair<std::string, std::string>> {
        using vector::vector;
        Headers(const std::map<std::string, std::string>& all) : vector(all.begin(), all.end()) {}
    };
    /// The header Authorization of somebody's requests.
    using SignIn = std::string (*)(const std::string& who);

    /// Opens the site with these apps, and brings the database up to date with `more` migrations where they
    /// are others than the installed ones. Limits of requests are as good as none.
    static void open(std::vector<App> apps, SignIn sign_in, const std::vector<db::Migration>& more = {});
    static void close();

    static Answer get(const std::string& who, const std::string& path, const Headers& headers = {});
    static Answer post(const std::string& who, const std::string& path, const Body& body = {},
                       const Headers& headers = {});
    static Answer patch(const std::string& who, const std::string& path, const Body& body,
                        const Headers& headers = {});
    static Answer put(const std::string& who, const std::string& path, const Body& body,
                      const Headers& headers = {});
    static Answer remove(const std::string& who, const std::string& path, const Headers& headers = {});
    static Answer send(http::Method method, const std::string& who, const std::string& path, const Body& body,
                       const Headers& headers);

    /// Creates a row as that person and answers its id; fails the test where that isn't possible.
    static std::string make(const std::string& who, const std::string& path, const Body& body);

    /// Walks a list by its next links, at most a hundred pages, and answers every id in order.
    static std::vector<std::string> walk(const std::string& who, std::string path);

    /// Asks the same as each of several people and compares the status. What is refused (4xx) must also have
    /// changed nothing: neither the rows of the path's resource nor the trail of changes, events and jobs.
    static void access(http::Method method, const std::string& path, const Body& body,
                       const std::vector<std::pair<std::string, int>>& expected);
    /// The same without a body, or with an empty object where the method wants one.
    static void access(http::Method method, const std::string& path,
                       const std::vector<std::pair<std::string, int>>& expected);

    /// One value from the database, read as the program's role.
    template <class... Values>
    static std::string sql(const std::string& query, const Values&... values) {
        return query_value(query, db::Params::of(values...));
    }

    /// Runs all jobs that are due (on the database's clock), and those that they make, in the calling thread;
    /// answers how many attempts it made. Jobs of other tests of the suite run too.
    static int run_jobs();
    /// Makes jobs due that wait for their time or for their next attempt: of that kind, or all.
    static void make_jobs_due(const std::string& kind = {});
    /// The jobs of a kind, oldest first.
    static std::vector<Job> jobs(const std::string& kind);

    /// Who asks, as the program sees them.
    static Actor actor(const std::string& who);

    static Site& site();
    static const Registry& registry();
    static const api::Pipeline& pipeline();
    static ManualClock& clock();

private:
    static std::string query_value(const std::string& query, const db::Params& params);
};

}  // namespace tamiti::test
