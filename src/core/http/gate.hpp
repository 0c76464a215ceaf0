#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>

#include <atomic>

namespace tamiti::http {

class Connection;

/// Bounds what is in flight: a few requests are served, some more wait in line for a short while, the rest is refused at once. Every
/// request that entered leaves exactly once.
class Gate {
public:
    using Clock = std::chrono::steady_clock;
    enum class Entry { serve, wait, refused };

    /// At most `serving` at once and `in_flight` with those in line.
    Gate(std::size_t serving, std::size_t in_flight) : serving_(serving), most_(in_flight < serving ? serving : in_flight) {}

    /// With `wait`, somebody's leave() hands the connection its turn, or expire() gives it back.
    Entry enter(Connection* connection, Clock::time_point now);

    /// Ends one request. The connection whose turn it is now, or null.
    Connection* leave();

    /// Takes one connection out of the line that stands there since before `limit`; null when there is none.
    Connection* expire(Clock::time_point limit);

    std::size_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

private:
    struct Waiting {
        Connection* connection;
        Clock::time_point since;
    };
    const std::size_t serving_;
    const std::size_t most_;
    std::atomic<std::size_t> in_flight_{0};
    std::mutex mutex_{};
    std::deque<Waiting> line_{};
    std::size_t turns_ = 0;  ///< left for connections that are about to stand in line
};

}  // namespace tamiti::http
