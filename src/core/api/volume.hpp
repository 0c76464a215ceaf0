#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "core/access/actor.hpp"
#include "core/cache/throttle.hpp"

namespace tamiti {
struct Site;
}

namespace tamiti::api {

/// How much one person may write in an hour: nobody fills the studio's disk, and a client less than the
/// others. Permits are KiB of bodies, taken from the shared counter some at a time; between that a request
/// costs one look into a map.
class WrittenVolume {
public:
    explicit WrittenVolume(const Site& site);

    /// Counts a body of that size. Throws the Problem 429 "http.too_much_written" where the person has
    /// written all that they may.
    void count(Site& site, const Actor& who, std::size_t bytes);

    /// What is taken when a process ends is lost to the person: at first 64 KiB are taken, at most a 64th of
    /// the limit.
    static constexpr int first_part = 64;
    static constexpr int parts = 64;
    static constexpr std::size_t most_people = 10'000;

private:
    /// What was taken and isn't used yet; it is worth something for as long as the counter looks back.
    struct Taken {
        std::int64_t bytes = 0;
        std::int64_t until = 0;  // in seconds of the monotonic clock
        int part = 0;            // KiB that were taken last
    };
    const Limit& limit_of(const Actor& who) const;

    Limit client_, staff_;
    std::mutex mutex_{};
    std::unordered_map<Uuid, Taken> taken_{};
};

}  // namespace tamiti::api
