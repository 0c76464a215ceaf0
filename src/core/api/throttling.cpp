#include "core/api/throttling.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include "core/base/settings.hpp"
#include "core/site/site.hpp"

namespace tamiti::api {
namespace {

using namespace std::chrono_literals;

std::int64_t now_ms() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

// Whoever has an IPv6 network has more addresses than we could count.
std::string countable(const std::string& address) {
    return address.find(':') == std::string::npos ? address : network_of(address);
}

}  // namespace

RequestRates::RequestRates(const Site& site)
    : anonymous_{{"anonymous", site.settings->rate_anonymous, 60s}, 'a'},
      user_{{"user", site.settings->rate_user, 60s}, 'u'},
      token_{{"token", site.settings->rate_token, 60s}, 't'},
      burst_{"burst", site.settings->rate_burst, 1s},
      anonymous_policy_(rate_limit_policy(anonymous_.limit)),
      user_policy_(rate_limit_policy(user_.limit)),
      token_policy_(rate_limit_policy(token_.limit)),
      burst_policy_(rate_limit_policy(burst_)) {}

const RequestRates::Kind& RequestRates::kind_of(const Actor& who) const {
    if (who.is_anonymous()) return anonymous_;
    return who.token.is_nil() ? user_ : token_;
}

const std::string& RequestRates::policy(const Limit& limit) const {
    if (limit.name == user_.limit.name) return user_policy_;
    if (limit.name == token_.limit.name) return token_policy_;
    return limit.name == burst_.name ? burst_policy_ : anonymous_policy_;
}

RequestRates::Bucket& RequestRates::bucket_of(Shard& shard, const std::string& key, std::int64_t now) {
    const auto found = shard.buckets.find(key);
    if (found != shard.buckets.end()) return found->second;
    if (shard.buckets.size() >= most_keys / shards_.size()) {
        if (std::exchange(shard.swept_at, now / 1000) != now / 1000)
            std::erase_if(shard.buckets, [&](const auto& one) { return one.second.ends_at <= now; });
        // Still full: what a forgotten key had taken is lost to it, never given twice.
        if (shard.buckets.size() >= most_keys / shards_.size()) shard.buckets.erase(shard.buckets.begin());
    }
    return shard.buckets[key];
}

/// As many as the last part's users needed, or twice as many where it didn't suffice.
int RequestRates::next_part(const Limit& limit, const Bucket& bucket, bool is_current) {
    const int needed = is_current ? 2 * bucket.part : bucket.part - bucket.left;
    return std::clamp(needed, 1, std::max(1, limit.permits / parts));
}

// The shard isn't locked while the shared counter is asked, so that a slow answer delays nobody else. Two
// threads may both take a part; none of it is lost.
Allowance RequestRates::refill(Site& site, const Limit& limit, const std::string& key, Shard& shard,
                               int part) {
    int count = part;
    Allowance taken = take(site, limit, key, count);
    if (!taken.allowed && taken.remaining > 0 && taken.remaining < part) {
        count = taken.remaining;
        taken = take(site, limit, key, count);
    }
    const std::int64_t now = now_ms();
    const auto reset = std::chrono::milliseconds(taken.reset).count();
    const std::lock_guard lock(shard.mutex);
    Bucket& bucket = bucket_of(shard, key, now);
    if (bucket.ends_at <= now) bucket.left = 0;
    bucket.elsewhere = taken.remaining;
    bucket.reset_at = now + std::clamp<std::int64_t>(reset, 1000, 60'000);
    bucket.used_up = !taken.allowed;
    // A counter that is used up is asked again after a second: it may have permits before it said so.
    const std::int64_t life = std::chrono::milliseconds(limit.window).count() / parts;
    bucket.ends_at = now + (taken.allowed ? life : 1000);
    if (taken.allowed) {
        bucket.part = count;
        bucket.left += count - 1;  // one is for the request that asks
        ++bucket.in_second;
    }
    return allowance_of(limit, bucket, taken.allowed, now);
}

Allowance RequestRates::allowance_of(const Limit& limit, const Bucket& bucket, bool allowed,
                                     std::int64_t now) {
    const auto seconds = (std::max<std::int64_t>(bucket.reset_at - now, 0) + 999) / 1000;
    return {.allowed = allowed,
            .limit = limit.permits,
            .remaining = std::max(0, bucket.left + bucket.elsewhere),
            .reset = std::chrono::seconds(std::max<std::int64_t>(seconds, 1))};
}

RequestRates::Count RequestRates::count(Site& site, const Actor& who, const std::string& address) {
    const Kind& kind = kind_of(who);
    std::string key(1, kind.tag);
    if (who.is_anonymous()) {
        key += countable(address);
    } else {
        const Uuid& id = who.token.is_nil() ? who.id : who.token;
        key += id.text();
    }
    Shard& shard = shards_[std::hash<std::string>{}(key) % shards_.size()];
    int part = 0;
    {
        const std::int64_t now = now_ms();
        const std::lock_guard lock(shard.mutex);
        Bucket& bucket = bucket_of(shard, key, now);
        if (bucket.second != now / 1000) {
            bucket.second = now / 1000;
            bucket.in_second = 0;
        }
        if (bucket.in_second >= burst_.permits)
            return {burst_, {.allowed = false, .limit = burst_.permits, .remaining = 0, .reset = 1s}};
        const bool is_current = bucket.ends_at > now;
        if (is_current && bucket.left > 0) {
            --bucket.left;
            ++bucket.in_second;
            return {kind.limit, allowance_of(kind.limit, bucket, true, now)};
        }
        if (is_current && bucket.used_up) return {kind.limit, allowance_of(kind.limit, bucket, false, now)};
        part = next_part(kind.limit, bucket, is_current);
    }
    return {kind.limit, refill(site, kind.limit, key, shard, part)};
}

}  // namespace tamiti::api
