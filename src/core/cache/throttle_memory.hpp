#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/cache/throttle.hpp"

namespace tamiti {

struct Site;

/// What counters say: taken or not, what is left, and how long until more is there.
struct Count {
    bool allowed = true;
    int remaining = 0;
    std::chrono::milliseconds wait{0};  ///< until what was asked for is there, or the next permit
    std::int64_t now = 0;               ///< of whoever counted, milliseconds of Unix time
    std::int64_t generation = 0;        ///< grows with each restore; 0 where there was none
};

/// The permits that one counter gave in the last window, as runs of permits that lie close together: at most
/// 65 runs, however many permits. A permit comes back when its window is over, or up to a 64th of the window
/// later; so no window of that length ever has more than the limit.
class PermitLog {
public:
    Count take(const Limit& limit, std::int64_t now, int permits);
    bool is_empty_at(std::int64_t now, std::int64_t window) const;
    /// Forgets every permit.
    void restart(std::int64_t generation) {
        generation_ = generation;
        runs_.clear();
    }
    std::int64_t generation() const { return generation_; }

private:
    struct Run {
        std::int64_t first;
        std::int64_t last;
        int permits;
    };
    std::vector<Run> runs_{};
    std::int64_t generation_ = 0;
};

/// The counters of this process. They bound what it gives when Redis is away, and also when Redis has just
/// forgotten everything. Memory is bounded (about 40 MB when strangers fill it); a counter never makes room
/// for another while it holds permits: keys that find no room count together in a few thousand shared
/// counters.
class ThrottleMemory {
public:
    explicit ThrottleMemory(const Site&) {}

    /// Takes permits by this process's own count. 0 permits only look.
    Count take(const Limit& limit, const std::string& key, std::int64_t now, int permits);

    /// Does the same for permits that Redis gave; where Redis knows of a later restore, the count starts
    /// anew. A key for which there is no room isn't counted here.
    Count follow(const Limit& limit, const std::string& key, const Count& redis, int permits);

    /// Forgets the permits; `generation` is 0 where Redis wasn't told.
    void restore(const std::string& key, std::int64_t generation);

    static constexpr std::size_t shards = 16;
    static constexpr std::size_t most = 8192;   ///< counters of a shard
    static constexpr std::size_t shared = 256;  ///< shared counters of a shard, for each limit's name
    static constexpr std::size_t most_limits = 64;

private:
    struct Counter {
        PermitLog log{};
        std::int64_t window = 0;
    };
    struct Shard {
        std::mutex mutex{};
        std::unordered_map<std::string, Counter> counters{};
        std::unordered_map<std::string, Counter> overflow{};
        std::int64_t swept_at = 0;
    };
    Shard& shard_of(const std::string& key);
    static Counter* find(Shard& shard, const std::string& key, std::int64_t now);
    static Counter& overflow_of(Shard& shard, const Limit& limit, const std::string& key);

    std::array<Shard, shards> shards_{};
};

}  // namespace tamiti
