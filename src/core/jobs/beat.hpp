#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/jobs/kinds.hpp"
#include "core/site/site.hpp"

namespace tamiti::jobs {

/// Makes the jobs of schedules. Any number of processes may do it at once: whoever locks a schedule's row
/// makes the jobs of the ticks since its last one, in one transaction, so that each tick has one job whoever
/// dies when. No leader is needed, and none has to be elected when it is gone.
class Beat {
public:
    explicit Beat(Site& site);
    ~Beat();
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;

    void start();
    void stop();

    /// Whether it has looked at the schedules, which needs the database.
    bool has_ticked() const { return has_ticked_; }

    /// One look at all schedules: makes what is due by the database's clock; answers how many jobs.
    int tick();

private:
    void run();
    int tick_one(const Schedule& schedule);

    Site& site_;
    std::vector<const Schedule*> schedules_{};
    std::string place_;
    std::mutex mutex_{};
    std::condition_variable changed_{};
    bool closing_ = false;
    std::atomic<bool> has_ticked_{false};
    std::thread thread_{};
};

}  // namespace tamiti::jobs
