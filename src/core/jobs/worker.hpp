#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "core/jobs/hand.hpp"
#include "core/site/site.hpp"

namespace tamiti::jobs {

/// Runs a job in a process of its own; nothing where the row says all already. Stops it when asked to.
using Isolation = std::function<std::optional<Outcome>(Held& held)>;

struct WorkerSettings {
    int threads = 4;
    std::map<std::string, int> limits = {{"mail", 4}};  ///< jobs of a queue at once
    Isolation isolation{};  ///< for jobs that took a worker down twice; none runs them like the others
};

/// Runs the jobs of a site: a feeder that claims jobs and writes outcomes, runners, a keeper that renews the
/// lease, rescues the jobs of dead workers and stops what runs too long, and a listener that hears of new
/// jobs. Database outages pause it; nothing ends it but stop().
class Worker {
public:
    Worker(Site& site, WorkerSettings settings);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();

    /// Whether a job outlived its time and doesn't heed: only a new process gets that thread back.
    bool must_be_replaced() const { return must_be_replaced_; }

    /// Whether it holds a lease, under which it claims jobs: not before the database has answered.
    bool has_lease() const;

    /// Begins nothing more and waits for what runs until `hurry` says that it takes too long; then gives it
    /// back without counting the attempt. Answers whether every thread has ended; where not, the process must
    /// end without destructors.
    bool stop(const std::function<bool()>& hurry);

private:
    struct Feeding;
    void feed();
    void feed_once(Feeding& feeding);
    void run();
    void keep();
    void keep_once(db::Connection& connection, int round);
    void lead(db::Connection& connection);
    void reconcile(db::Connection& connection);
    void watch();
    void listen();
    void count(const std::vector<Outcome>& outcomes);
    std::unique_ptr<db::Connection> connect(const char* name) const;
    db::ConnectionSettings connection_settings(const char* name) const;

    Site& site_;
    const WorkerSettings settings_;
    const Known known_;
    Hand hand_;
    mutable std::mutex mutex_{};
    Uuid id_{};                        // nil until enrolled, and while the lease is lost
    std::vector<Outcome> to_count_{};  // for the totals
    std::map<Uuid, int> strangers_{};  // jobs that the database thinks are ours: how often seen
    std::atomic<bool> must_be_replaced_{false};
    std::atomic<bool> closing_{false};
    std::atomic<int> runners_{0};
    std::vector<std::thread> threads_{};
};

}  // namespace tamiti::jobs
