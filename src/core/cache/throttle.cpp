#include "core/cache/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <atomic>
#include <typeinfo>

#include "core/cache/redis.hpp"
#include "core/cache/throttle_memory.hpp"
#include "core/site/site.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti {
namespace {

// What PermitLog::take does, in Redis: one value a counter, {generation, {first, last, permits}, …}. Entries
// of another type, or that aren't ours, are replaced. ARGV: permits, limit, window and the site clock's
// distance from Redis' in ms (0 but in tests), "take" or "restore".
constexpr std::string_view script_source = R"lua(
local time = redis.call('TIME')
local permits, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[4])
if ARGV[5] == 'restore' then
    local generation = time[1] * 1000000 + time[2]
    redis.call('SET', KEYS[1], cmsgpack.pack({generation}), 'PX', window)
    return {1, limit, 0, now, generation}
end
local stored = redis.pcall('GET', KEYS[1])
local generation, runs, used = 0, {}, 0
if type(stored) == 'string' then
    local good, log = pcall(cmsgpack.unpack, stored)
    if good and type(log) == 'table' then
        if type(log[1]) == 'number' then generation = log[1] end
        for i = 2, #log do
            local run = log[i]
            if type(run) == 'table' and run[2] and run[3] and run[2] + window > now then
                runs[#runs + 1] = run
                used = used + run[3]
            end
        end
    end
end
local allowed = used + permits <= limit
if allowed and permits > 0 then
    local last = runs[#runs]
    if last and now - last[1] < math.max(math.floor(window / 64), 1) then
        last[2] = math.max(last[2], now)
        last[3] = last[3] + permits
    else
        runs[#runs + 1] = {now, now, permits}
    end
    used = used + permits
    redis.call('SET', KEYS[1], cmsgpack.pack({generation, unpack(runs)}), 'PX', window + math.floor(window / 64) + 1)
end
local wanted, back, wait = allowed and 1 or used + permits - limit, 0, 0
for _, run in ipairs(runs) do
    back = back + run[3]
    wait = run[2] + window - now
    if back >= wanted then break end
end
return {allowed and 1 or 0, math.max(0, limit - used), wait, now, generation}
)lua";

RedisScript& script() {
    static RedisScript made(script_source);
    return made;
}

std::int64_t milliseconds(Timestamp time) {
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

// Redis counts by its own clock. A test's clock stands elsewhere; then Redis is told how far.
std::int64_t distance(const Site& site) {
    const Clock& clock = *site.clock;
    if (typeid(clock) == typeid(Clock)) return 0;
    return milliseconds(clock.now()) - milliseconds(Clock{}.now());
}

std::string key_of(Redis& redis, const Limit& limit, std::string_view key) {
    return redis.key("throttle", {limit.name, key});
}

std::optional<Count> ask_redis(Site& site, const Limit& limit, const std::string& key, int permits,
                               const char* what) {
    Redis& redis = site.memory.get<Redis>(site);
    if (!redis.is_configured()) return std::nullopt;
    const auto reply = redis.run(script(), key,
                                 {std::to_string(permits), std::to_string(limit.permits),
                                  std::to_string(std::chrono::milliseconds(limit.window).count()),
                                  std::to_string(distance(site)), what});
    if (!reply || reply->kind != RedisReply::Kind::list || reply->list.size() != 5) {
        static std::atomic<std::uint64_t> alone{0};
        telemetry::set_gauge("tamiti_throttle_fallbacks", static_cast<double>(++alone));
        return std::nullopt;
    }
    const auto& numbers = reply->list;
    return Count{.allowed = numbers[0].integer == 1,
                 .remaining = static_cast<int>(numbers[1].integer),
                 .wait = std::chrono::milliseconds(numbers[2].integer),
                 .now = numbers[3].integer,
                 .generation = numbers[4].integer};
}

Allowance allowance(const Limit& limit, const Count& count) {
    return {.allowed = count.allowed,
            .limit = limit.permits,
            .remaining = count.remaining,
            .reset = std::chrono::ceil<std::chrono::seconds>(count.wait)};
}

Count count(Site& site, const Limit& limit, std::string_view key, int permits) {
    const std::string name = key_of(site.memory.get<Redis>(site), limit, key);
    ThrottleMemory& memory = site.memory.get<ThrottleMemory>(site);
    const auto shared = ask_redis(site, limit, name, permits, "take");
    if (!shared) return memory.take(limit, name, milliseconds(site.clock->now()), permits);
    if (!shared->allowed) return *shared;
    // What Redis gives, this process counts too: a Redis that was flushed or restarted has forgotten what it
    // gave, and must not give it a second time.
    Count own = memory.follow(limit, name, *shared, permits);
    if (own.allowed && shared->remaining < own.remaining) return *shared;
    return own;
}

}  // namespace

Allowance take(Site& site, const Limit& limit, std::string_view key, int permits) {
    return allowance(limit, count(site, limit, key, permits));
}

Allowance peek(Site& site, const Limit& limit, std::string_view key) {
    Allowance left = allowance(limit, count(site, limit, key, 0));
    left.allowed = left.remaining > 0;
    return left;
}

void restore(Site& site, const Limit& limit, std::string_view key) {
    const std::string name = key_of(site.memory.get<Redis>(site), limit, key);
    const auto restored = ask_redis(site, limit, name, 0, "restore");
    site.memory.get<ThrottleMemory>(site).restore(name, restored ? restored->generation : 0);
}

void require(Site& site, const Limit& limit, std::string_view key) {
    const Allowance left = take(site, limit, key);
    if (!left.allowed) throw too_many_requests(limit, left);
}

Problem too_many_requests(const Limit& limit, const Allowance& allowance) {
    const std::string seconds = std::to_string(std::max<std::int64_t>(1, allowance.reset.count()));
    return Problem(429, "http.too_many_requests",
                   "That is more often than allowed. Try again in " + seconds +
                       (seconds == "1" ? " second." : " seconds."))
        .with_header("Retry-After", seconds)
        .with_header("RateLimit-Policy", rate_limit_policy(limit))
        .with_header("RateLimit", rate_limit(limit, allowance));
}

std::string rate_limit_policy(const Limit& limit) {
    return "\"" + std::string(limit.name) + "\";q=" + std::to_string(limit.permits) +
           ";w=" + std::to_string(limit.window.count());
}

std::string rate_limit(const Limit& limit, const Allowance& allowance) {
    return "\"" + std::string(limit.name) + "\";r=" + std::to_string(allowance.remaining) +
           ";t=" + std::to_string(allowance.reset.count());
}

std::string network_of(std::string_view address) {
    const std::string text(address);
    in6_addr six{};
    in_addr four{};
    if (inet_pton(AF_INET6, text.c_str(), &six) == 1) {
        if (!IN6_IS_ADDR_V4MAPPED(&six)) {
            std::fill(six.s6_addr + 8, six.s6_addr + 16, std::uint8_t{0});
            char network[INET6_ADDRSTRLEN];
            inet_ntop(AF_INET6, &six, network, sizeof network);
            return std::string(network) + "/64";
        }
        std::copy(six.s6_addr + 12, six.s6_addr + 16, reinterpret_cast<std::uint8_t*>(&four));
    } else if (inet_pton(AF_INET, text.c_str(), &four) != 1) {
        return text;
    }
    four.s_addr &= htonl(0xffffff00U);
    char network[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &four, network, sizeof network);
    return std::string(network) + "/24";
}

}  // namespace tamiti
