#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/jobs/store.hpp"

namespace tamiti::jobs {

/// One job in a worker's hand.
struct Held {
    explicit Held(Claimed given) : job(std::move(given)) {}
    Claimed job;
    std::atomic<bool> stop{false};  ///< it was asked to stop, or its lease is gone
    std::atomic<bool> lost{false};  ///< the lease is gone: whatever comes of it doesn't count
    const std::chrono::steady_clock::time_point claimed = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point started{};
};

/// What a worker holds: jobs that wait for a thread, jobs that run, and outcomes that wait to be written.
/// Threads of three kinds meet here: runners take and end, the feeder puts and collects, the keeper watches.
class Hand {
public:
    /// `limits` says how many of a queue may be held at once; a queue that isn't there has no limit.
    Hand(int threads, std::map<std::string, int> limits);

    /// The next job to run; waits for one. Null once nothing more comes.
    std::shared_ptr<Held> take();
    /// The runner is free again. Nothing is written of a job that was lost, or whose row says all already.
    void end(const std::shared_ptr<Held>& held, std::optional<Outcome> outcome);

    /// Jobs that were claimed. They go back at once where nothing more is to be begun.
    void put(std::vector<Claimed> claimed);

    /// Waits until outcomes wait, jobs are wanted and `more` are thought to be there, somebody poked, or that
    /// time.
    void await(bool more, std::chrono::steady_clock::time_point until);
    std::vector<Outcome> collect();
    /// How many jobs to claim now: enough for the free threads, and ahead of them what would be done within a
    /// tenth of a second, going by how long the last jobs took. 0 where it isn't worth asking.
    int wanted();
    /// How many more of each of these queues may be held, `most` where there is no limit.
    std::vector<std::string> free_of(const std::vector<std::string>& queues, int most) const;
    void poke();
    bool take_poke();

    /// Gives back what has waited here for so long, at that moment, that others would have begun it.
    void give_back_stale(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
    /// Nothing more is begun: jobs that wait for a thread are given back.
    void close();
    /// Nothing more is awaited at all.
    void finish();
    bool is_finished() const;
    /// Jobs that run or whose outcome waits to be collected.
    std::size_t busy() const;
    std::size_t running() const;

    std::vector<std::shared_ptr<Held>> all() const;
    std::vector<std::shared_ptr<Held>> in_progress() const;
    /// The leases are gone: nothing that is held counts any more.
    void lose_all();
    void lose(const std::shared_ptr<Held>& held);
    /// Writes an outcome for a job that still runs; what its runner says later doesn't count.
    void settle(const std::shared_ptr<Held>& held, Outcome outcome);
    /// Writes an outcome for a job that isn't held here.
    void write(Outcome outcome);

private:
    int wanted_locked() const;

    const int threads_;
    const std::map<std::string, int> limits_;
    mutable std::mutex mutex_{};
    std::condition_variable work_{};
    std::condition_variable news_{};
    std::deque<std::shared_ptr<Held>> waiting_{};
    std::vector<std::shared_ptr<Held>> running_{};
    std::vector<Outcome> outcomes_{};
    std::map<std::string, int> by_queue_{};
    double seconds_of_job_ = 1;  // lately, on average
    bool poked_ = false;
    bool closed_ = false;
    bool finished_ = false;
};

}  // namespace tamiti::jobs
