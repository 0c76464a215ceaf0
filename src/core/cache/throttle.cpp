#include "core/cache/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <atomic>
#include <typeinfo>

#include "core/base/sentences.hpp"
#include "core/cache/redis.hpp"
#include "core/cache/throttle_memory.hpp"
#include "core/site/site.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti {
namespace {

// What PermitLog::take does, in Redis, for several counters at once: one value each, {generation, {first,
// last, permits}, …}. Entries of another type, or that aren't ours, are replaced; runs more than a minute
// ahead
// (`clock_error`) are no runs. ARGV: "take" or "restore",
// the site clock's distance from Redis' in ms (0 but in tests), and permits, limit and window of each key.
constexpr std::string_view script_source = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])

local function demand(i)
    return tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
end

local function read(key, window)
    local stored = redis.pcall('GET', key)
    local generation, runs, used = 0, {}, 0
    if type(stored) ~= 'string' then return generation, runs, used end
    local good, log = pcall(cmsgpack.unpack, stored)
    if not good or type(log) ~= 'table' then return generation, runs, used end
    if type(log[1]) == 'number' then generation = log[1] end
    for i = 2, #log do
        local run = log[i]
        if type(run) == 'table' and run[2] and run[3] and run[2] + window > now and run[2] <= now + 60000 then
            runs[#runs + 1] = run
            used = used + run[3]
        end
    end
    return generation, runs, used
end

local function give(key, counter)
    local last, window = counter.runs[#counter.runs], counter.window
    if last and now - last[1] < math.max(math.floor(window / 64), 1) then
        last[2] = math.max(last[2], now)
        last[3] = last[3] + counter.permits
    else
        counter.runs[#counter.runs + 1] = {now, now, counter.permits}
    end
    counter.used = counter.used + counter.permits
    redis.call('SET', key, cmsgpack.pack({counter.generation, unpack(counter.runs)}), 'PX',
               window + math.floor(window / 64) + 1)
end

local function wait(counter)
    local wanted, back, wait = counter.allowed and 1 or counter.used + counter.permits - counter.limit, 0, 0
    for _, run in ipairs(counter.runs) do
        back = back + run[3]
        wait = run[2] + counter.window - now
        if back >= wanted then break end
    end
    return wait
end

local answers = {}
if ARGV[1] == 'restore' then
    local generation = time[1] * 1000000 + time[2]
    for i, key in ipairs(KEYS) do
        local _, limit, window = demand(i)
        redis.call('SET', key, cmsgpack.pack({generation}), 'PX', window)
        answers[i] = {1, limit, 0, now, generation}
    end
    return answers
end

local counters, all_allow = {}, true
for i, key in ipairs(KEYS) do
    local permits, limit, window = demand(i)
    local generation, runs, used = read(key, window)
    local allowed = used + permits <= limit
    counters[i] = {permits = permits, limit = limit, window = window, generation = generation, runs = runs,
                   used = used, allowed = allowed}
    all_allow = all_allow and allowed
end
for i, key in ipairs(KEYS) do
    local counter = counters[i]
    if all_allow and counter.permits > 0 then give(key, counter) end
    answers[i] = {counter.allowed and 1 or 0, math.max(0, counter.limit - counter.used), wait(counter), now,
                  counter.generation}
end
return answers
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

Count count_from(const RedisReply& reply) {
    const auto& numbers = reply.list;
    return {.allowed = numbers[0].integer == 1,
            .remaining = static_cast<int>(numbers[1].integer),
            .wait = std::chrono::milliseconds(numbers[2].integer),
            .now = numbers[3].integer,
            .generation = numbers[4].integer};
}

/// What Redis counts for each demand; empty where it doesn't say.
std::vector<Count> ask_redis(Site& site, const std::vector<Demand>& demands,
                             const std::vector<std::string>& keys, const char* what) {
    Redis& redis = site.memory.get<Redis>(site);
    if (!redis.is_configured()) return {};
    std::vector<std::string> arguments = {what, std::to_string(distance(site))};
    for (const Demand& demand : demands) {
        arguments.push_back(std::to_string(demand.permits));
        arguments.push_back(std::to_string(demand.limit.permits));
        arguments.push_back(std::to_string(std::chrono::milliseconds(demand.limit.window).count()));
    }
    const auto reply = redis.run(script(), keys, arguments);
    std::vector<Count> counts;
    if (reply && reply->kind == RedisReply::Kind::list) {
        for (const RedisReply& one : reply->list)
            if (one.list.size() == 5) counts.push_back(count_from(one));
    }
    if (counts.size() == demands.size()) return counts;
    static std::atomic<std::uint64_t> alone{0};
    telemetry::set_gauge("tamiti_throttle_fallbacks", static_cast<double>(++alone));
    return {};
}

Allowance allowance(const Limit& limit, const Count& count) {
    return {.allowed = count.allowed,
            .limit = limit.permits,
            .remaining = count.remaining,
            .reset = std::chrono::ceil<std::chrono::seconds>(count.wait)};
}

/// What this process counts by itself. Several are looked at before any is taken.
std::vector<Count> count_alone(Site& site, const std::vector<Demand>& demands,
                               const std::vector<std::string>& keys) {
    ThrottleMemory& memory = site.memory.get<ThrottleMemory>(site);
    const std::int64_t now = milliseconds(site.clock->now());
    std::vector<Count> counts;
    bool all_allow = true;
    for (std::size_t i = 0; i < demands.size(); ++i) {
        const Demand& demand = demands[i];
        counts.push_back(memory.take(demand.limit, keys[i], now, 0));
        if (counts[i].allowed && counts[i].remaining >= demand.permits) continue;
        counts[i] = memory.take(demand.limit, keys[i], now, demand.permits);
        all_allow = all_allow && counts[i].allowed;
    }
    for (std::size_t i = 0; all_allow && i < demands.size(); ++i)
        counts[i] = memory.take(demands[i].limit, keys[i], now, demands[i].permits);
    return counts;
}

std::vector<std::string> keys_of(Site& site, const std::vector<Demand>& demands) {
    const Redis& redis = site.memory.get<Redis>(site);
    std::vector<std::string> keys;
    for (const Demand& demand : demands)
        keys.push_back(redis.key("throttle", {demand.limit.name, demand.key}));
    return keys;
}

std::vector<Count> count(Site& site, const std::vector<Demand>& demands) {
    const std::vector<std::string> keys = keys_of(site, demands);
    std::vector<Count> counts = ask_redis(site, demands, keys, "take");
    if (counts.empty()) return count_alone(site, demands, keys);
    if (!std::all_of(counts.begin(), counts.end(), [](const Count& one) { return one.allowed; }))
        return counts;
    // What Redis gives, this process counts too: a Redis that was flushed or restarted has forgotten what it
    // gave, and must not give it a second time.
    ThrottleMemory& memory = site.memory.get<ThrottleMemory>(site);
    for (std::size_t i = 0; i < demands.size(); ++i) {
        const Count own = memory.follow(demands[i].limit, keys[i], counts[i], demands[i].permits);
        if (!own.allowed || own.remaining <= counts[i].remaining) counts[i] = own;
    }
    return counts;
}

}  // namespace

std::vector<Demand> one_of_each(std::span<const Limit> limits, std::string_view key) {
    std::vector<Demand> demands;
    for (const Limit& limit : limits) demands.push_back({limit, key});
    return demands;
}

std::vector<Allowance> take(Site& site, const std::vector<Demand>& demands) {
    const std::vector<Count> counts = count(site, demands);
    std::vector<Allowance> allowances;
    for (std::size_t i = 0; i < demands.size(); ++i)
        allowances.push_back(allowance(demands[i].limit, counts[i]));
    return allowances;
}

Allowance take(Site& site, const Limit& limit, std::string_view key, int permits) {
    return take(site, {Demand{limit, key, permits}}).front();
}

Allowance peek(Site& site, const Limit& limit, std::string_view key) {
    Allowance left = take(site, limit, key, 0);
    left.allowed = left.remaining > 0;
    return left;
}

void restore(Site& site, const std::vector<Demand>& demands) {
    const std::vector<std::string> keys = keys_of(site, demands);
    const std::vector<Count> restored = ask_redis(site, demands, keys, "restore");
    ThrottleMemory& memory = site.memory.get<ThrottleMemory>(site);
    for (std::size_t i = 0; i < keys.size(); ++i)
        memory.restore(keys[i], restored.empty() ? 0 : restored[i].generation);
}

void require(Site& site, const Limit& limit, std::string_view key) {
    require(site, {Demand{limit, key}});
}

void require(Site& site, const std::vector<Demand>& demands) {
    const std::vector<Allowance> left = take(site, demands);
    for (std::size_t i = 0; i < demands.size(); ++i)
        if (!left[i].allowed) throw too_many_requests(demands[i].limit, left[i]);
}

Problem too_many_requests(const Limit& limit, const Allowance& allowance) {
    const std::string seconds = std::to_string(std::max<std::int64_t>(1, allowance.reset.count()));
    return Problem(429, "http.too_many_requests",
                   std::string(limit.why) + " Try again in " + in_words(allowance.reset) + ".")
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
