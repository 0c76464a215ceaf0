#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "core/db/pool.hpp"

namespace tamiti {
class Tx;
struct Site;
}  // namespace tamiti

namespace tamiti::jobs {

/// What workers listen to.
inline constexpr const char* channel = "tamiti_jobs";

/// Wakes the workers of all processes when there is something to do. A NOTIFY inside the transaction would
/// make commits wait for each other, so it is sent after the commit, once for all that happened in a few
/// milliseconds; when it is lost (the process ends, the connection breaks) the workers find the job at their
/// next look a second later. One for each site, in its memory.
class Bell {
public:
    explicit Bell(const Site& site);
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring();

private:
    void run();

    std::shared_ptr<db::Pool> pool_;
    std::mutex mutex_{};
    std::condition_variable rung_{};
    bool pending_ = false;
    bool closing_ = false;
    std::thread thread_{};
};

/// Rings once the transaction has committed.
void ring_after_commit(Tx& tx);

}  // namespace tamiti::jobs
