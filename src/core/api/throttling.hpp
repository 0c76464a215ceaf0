#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/access/actor.hpp"
#include "core/cache/throttle.hpp"
#include "core/http/message.hpp"

namespace tamiti {
struct Settings;
}

namespace tamiti::api {

/// How often one person, one access token or one address may ask. Permits are taken from the shared counter
/// in parts: one at first, twice as many whenever a part was used up, a twentieth of the limit at most.
/// Between that a request costs one look into a map and no round trip.
///
/// How exact that is: a permit that was taken is good for a twentieth of the window (3 s), so no more than
/// the limit is let through in any 57 seconds, over all nodes. What a node took and didn't use is at most as
/// much as it had used just before. The burst limit is counted by each node for itself, in whole seconds.
class RequestRates {
public:
    explicit RequestRates(const Site& site);

    /// Counts one request of that actor (of its address, where nobody signed in). What is left is in the
    /// allowance, which says no when the limit is used up.
    struct Count {
        Limit limit;
        Allowance allowance;
    };
    Count count(Site& site, const Actor& who, const std::string& address);

    /// The value of RateLimit-Policy for that limit, made once.
    const std::string& policy(const Limit& limit) const;

    static constexpr int parts = 20;                  ///< of the limit, and of its window
    static constexpr std::size_t most_keys = 65'536;  ///< that are remembered

private:
    /// What this process knows of one key; times are milliseconds of the monotonic clock.
    struct Bucket {
        int part = 0;               ///< permits that were taken last
        int left = 0;               ///< of them
        int elsewhere = 0;          ///< permits that the shared counter still had
        std::int64_t ends_at = 0;   ///< when what was taken loses its worth
        std::int64_t reset_at = 0;  ///< of the shared counter
        std::int64_t second = 0;
        int in_second = 0;
        bool used_up = false;
    };
    struct Shard {
        std::mutex mutex{};
        std::unordered_map<std::string, Bucket> buckets{};
        std::int64_t swept_at = 0;  ///< the second in which those that ended were last looked for
    };
    struct Kind {
        Limit limit;
        char tag;
    };
    const Kind& kind_of(const Actor& who) const;
    Allowance refill(Site& site, const Limit& limit, const std::string& key, Shard& shard, int part);
    static int next_part(const Limit& limit, const Bucket& bucket, bool is_current);
    Bucket& bucket_of(Shard& shard, const std::string& key, std::int64_t now);
    static Allowance allowance_of(const Limit& limit, const Bucket& bucket, bool allowed, std::int64_t now);

    Kind anonymous_, user_, token_;
    Limit burst_;
    std::string anonymous_policy_, user_policy_, token_policy_, burst_policy_;
    std::array<Shard, 16> shards_{};
};

}  // namespace tamiti::api
