#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>

namespace tamiti::http {

class Connection;

/// Bounds what is in flight: some requests are served, some more wait in line for a short while, the rest is
/// refused at once.
class Gate {
public:
    using Clock = std::chrono::steady_clock;
    enum class Entry { serve, wait, refused };

    /// At most `serving` at once and `in_flight` with those in line.
    Gate(std::size_t serving, std::size_t in_flight)
        : most_serving_(serving), most_waiting_(in_flight - std::min(in_flight, serving)) {}

    /// With `wait` the connection is in line until somebody's leave() gives it its turn or expire() takes it
    /// out.
    Entry enter(Connection* connection, Clock::time_point now) {
        const std::lock_guard lock(mutex_);
        if (serving_ < most_serving_) {
            ++serving_;
            return Entry::serve;
        }
        if (line_.size() >= most_waiting_) return Entry::refused;
        line_.push_back({connection, now});
        return Entry::wait;
    }

    /// Ends one serving. The connection whose turn it is now, or null.
    Connection* leave() {
        const std::lock_guard lock(mutex_);
        if (line_.empty()) {
            --serving_;
            return nullptr;
        }
        return pop();
    }

    /// Takes out of the line one connection that stands there since before `limit`; null when there is none.
    Connection* expire(Clock::time_point limit) {
        const std::lock_guard lock(mutex_);
        return line_.empty() || line_.front().since > limit ? nullptr : pop();
    }

private:
    struct Waiting {
        Connection* connection;
        Clock::time_point since;
    };
    Connection* pop() {
        Connection* first = line_.front().connection;
        line_.pop_front();
        return first;
    }

    const std::size_t most_serving_;
    const std::size_t most_waiting_;
    std::mutex mutex_{};
    std::size_t serving_ = 0;
    std::deque<Waiting> line_{};
};

}  // namespace tamiti::http
