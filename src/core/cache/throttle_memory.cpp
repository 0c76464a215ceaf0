#include "core/cache/throttle_memory.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/time.hpp"

namespace tamiti {

namespace {

// What was counted farther ahead was counted by a clock that stood wrong, and would refuse until it is past.
constexpr std::int64_t milliseconds_of_clock_error = std::chrono::milliseconds(clock_error).count();

}  // namespace

// The same as the script in throttle.cpp.
Count PermitLog::take(const Limit& limit, std::int64_t now, int permits) {
    const std::int64_t window = std::chrono::milliseconds(limit.window).count();
    std::erase_if(runs_, [&](const Run& run) {
        return run.last + window <= now || run.last > now + milliseconds_of_clock_error;
    });
    int used = 0;
    for (const Run& run : runs_) used += run.permits;
    Count count{.allowed = used + permits <= limit.permits, .now = now, .generation = generation_};
    if (count.allowed && permits > 0) {
        const bool is_close =
            !runs_.empty() && now - runs_.back().first < std::max<std::int64_t>(window / 64, 1);
        if (is_close) {
            runs_.back().last = std::max(runs_.back().last, now);
            runs_.back().permits += permits;
        } else {
            runs_.push_back({now, now, permits});
        }
        used += permits;
    }
    count.remaining = std::max(0, limit.permits - used);
    const int wanted = count.allowed ? 1 : used + permits - limit.permits;
    int back = 0;
    for (const Run& run : runs_) {
        back += run.permits;
        count.wait = std::chrono::milliseconds(run.last + window - now);
        if (back >= wanted) break;
    }
    return count;
}

bool PermitLog::is_empty_at(std::int64_t now, std::int64_t window) const {
    return std::all_of(runs_.begin(), runs_.end(), [&](const Run& run) { return run.last + window <= now; });
}

Count ThrottleMemory::take(const Limit& limit, const std::string& key, std::int64_t now, int permits) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    Counter* counter = find(shard, key, now);
    if (!counter) counter = &overflow_of(shard, limit, key);
    counter->window =
        std::max(counter->window, std::int64_t{std::chrono::milliseconds(limit.window).count()});
    return counter->log.take(limit, now, permits);
}

Count ThrottleMemory::follow(const Limit& limit, const std::string& key, const Count& redis, int permits) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    Counter* counter = find(shard, key, redis.now);
    if (!counter) return redis;
    if (redis.generation > counter->log.generation()) counter->log.restart(redis.generation);
    counter->window =
        std::max(counter->window, std::int64_t{std::chrono::milliseconds(limit.window).count()});
    return counter->log.take(limit, redis.now, permits);
}

void ThrottleMemory::restore(const std::string& key, std::int64_t generation) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.counters.find(key);
    if (found == shard.counters.end()) return;
    PermitLog& log = found->second.log;
    log.restart(std::max(generation, log.generation()));
}

ThrottleMemory::Shard& ThrottleMemory::shard_of(const std::string& key) {
    return shards_[fast_hash(key) % shards];
}

// The key's counter, made where there is room; where there is none, nothing. Only counters that hold nothing
// any more make room, and looking for them costs the shard at most once a second.
ThrottleMemory::Counter* ThrottleMemory::find(Shard& shard, const std::string& key, std::int64_t now) {
    if (const auto found = shard.counters.find(key); found != shard.counters.end()) return &found->second;
    if (shard.counters.size() >= most && (now - shard.swept_at >= 1000 || now < shard.swept_at)) {
        shard.swept_at = now;
        std::erase_if(shard.counters, [&](const auto& entry) {
            return entry.second.log.is_empty_at(now, entry.second.window);
        });
    }
    return shard.counters.size() < most ? &shard.counters[key] : nullptr;
}

// Limits are named by the program, never by strangers; were there many all the same, the rest would share.
ThrottleMemory::Counter& ThrottleMemory::overflow_of(Shard& shard, const Limit& limit,
                                                     const std::string& key) {
    std::string place = std::string(limit.name) + '#' + std::to_string(fast_hash(key) / shards % shared);
    if (!shard.overflow.contains(place) && shard.overflow.size() >= most_limits * shared) place = "#";
    return shard.overflow[place];
}

}  // namespace tamiti
