#pragma once

#include <atomic>
#include <functional>

#include "core/db/transaction.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/store.hpp"

namespace tamiti::jobs {

/// One attempt at a job that this process holds: what job functions see as their JobRun.
class Attempt final : public JobRun {
public:
    Attempt(Site& at, const Claimed& claimed, const std::atomic<bool>& stop);

    bool should_stop() const override { return stop_.load(std::memory_order_relaxed); }
    JobResult complete_with(const std::function<JobResult(Tx&)>& work) override;

    /// Whether the row says already how the attempt ended.
    bool is_recorded() const { return recorded_; }

private:
    void fenced(const std::function<void(Tx&)>& work) override;
    template <class Work>
    auto in_transaction(Work&& work);

    const Claimed& claimed_;
    const std::atomic<bool>& stop_;
    bool recorded_ = false;
};

/// Makes one attempt, whatever it throws, and answers what is to become of the job; `recorded` is set where
/// the row says so already. With `alone` the process is the job's own: running out of memory then counts as
/// its failure.
struct Attempted {
    Outcome outcome{};
    bool recorded = false;
    bool lease_was_lost = false;
};
Attempted attempt(Site& site, const Claimed& job, const std::atomic<bool>& stop, bool alone);

/// The outcome of a failed attempt: another after the backoff, or a dead letter after the last.
Outcome failed(const Claimed& job, const JobRules& rules, std::string why,
               std::chrono::seconds delay = std::chrono::seconds(0));
/// The job goes back to the others; no attempt was used up.
Outcome given_back(const Claimed& job, double delay = 0);
/// The job can't be done: `why` says what is wrong with it.
Outcome dead(const Claimed& job, std::string why);

/// Runs all jobs that are due in the calling thread until none is, for tests and small tools; answers how
/// many attempts it made.
int run_due(Site& site);

}  // namespace tamiti::jobs
