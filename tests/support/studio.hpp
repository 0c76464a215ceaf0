#pragma once

#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/pipeline.hpp"
#include "core/program/program.hpp"
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

/// What came back for a request.
struct Answer {
    int status = 0;
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};

    /// The body as JSON; null where there is none.
    boost::json::value json() const;
    /// A member of the body by path: text("errors.name.0"); empty where there is none.
    std::string text(std::string_view path) const;
    std::string header(std::string_view name) const;
    /// The ids of `results`, in order.
    std::vector<std::string> ids() const;
    /// One member of each of `results`, in order.
    std::vector<std::string> each(std::string_view member) const;
    std::int64_t count() const;
};

/// A job as its row is.
struct Job {
    std::string id{};
    std::string state{};      ///< waiting, blocked, running, done, cancelled or dead
    std::string arguments{};  ///< JSON as PostgreSQL writes it: {"task": "…"}
    int attempt = 0;
    std::string last_error{};
};

/// A studio of a suite's own: the program's real chain over a real database, without sockets. Users are made
/// by name and are signed in; requests name who asks, "guest" for nobody.
class Studio : public ::testing::Test {
public:
    static void SetUpTestSuite();
    static void TearDownTestSuite();

    /// Makes a user with these roles (staff unless said) once and answers the id; the same name is the same
    /// user.
    static std::string user(const std::string& name, const std::vector<Role>& roles = {Role::staff});

    static Answer get(const std::string& who, const std::string& path,
                      const std::map<std::string, std::string>& headers = {});
    static Answer post(const std::string& who, const std::string& path, const std::string& body = "{}",
                       const std::map<std::string, std::string>& headers = {});
    static Answer patch(const std::string& who, const std::string& path, const std::string& body,
                        const std::map<std::string, std::string>& headers = {});
    static Answer put(const std::string& who, const std::string& path, const std::string& body,
                      const std::map<std::string, std::string>& headers = {});
    static Answer remove(const std::string& who, const std::string& path,
                         const std::map<std::string, std::string>& headers = {});
    static Answer send(http::Method method, const std::string& who, const std::string& path,
                       const std::string& body, const std::map<std::string, std::string>& headers);

    /// Creates a row as that user and answers its id; fails the test where that isn't possible.
    static std::string make(const std::string& who, const std::string& path, const std::string& body);

    /// Asks the same as each of several people and compares the status.
    static void access(http::Method method, const std::string& path, const std::string& body,
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

    /// Opens a new session for that person, after a test ended the one before.
    static void sign_in_again(const std::string& name);

    static Site& site();
    static const Registry& registry();
    static const http::Pipeline& pipeline();
    static std::string token(const std::string& who);
    static ManualClock& clock();

private:
    static std::string query_value(const std::string& query, const db::Params& params);
};

}  // namespace tamiti::test
