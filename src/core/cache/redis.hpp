#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cache/redis_address.hpp"

struct redisContext;

namespace tamiti {

struct Site;

/// What Redis said.
struct RedisReply {
    enum class Kind : std::uint8_t { nothing, integer, text, list, error };
    Kind kind = Kind::nothing;
    std::int64_t integer = 0;
    std::string text{};  ///< also the sentence of an error
    std::vector<RedisReply> list{};
};

/// A Lua script that Redis keeps under its hash. One object for each script, for the life of the process.
class RedisScript {
public:
    explicit RedisScript(std::string_view source) : source_(source) {}

private:
    friend class Redis;
    std::string_view source_;
    std::mutex mutex_{};
    std::string hash_{};  // as Redis gave it when it first took the script
};

/// A site's Redis: a few kept connections and a breaker. A dead Redis costs a request at most the two
/// time-outs (100 ms together); after a failure it isn't asked for a second, and what asks meanwhile gets
/// nothing at once. Safe to use from any thread.
class Redis {
public:
    explicit Redis(const Site& site);
    ~Redis();
    Redis(const Redis&) = delete;
    Redis& operator=(const Redis&) = delete;

    bool is_configured() const { return address_.has_value(); }

    /// Runs one command; nothing where there is no Redis, or none that answers in time. An answer that is an
    /// error ("WRONGTYPE …") is an answer.
    std::optional<RedisReply> command(const std::vector<std::string_view>& words);

    /// Runs a script by its hash, and gives it to Redis where Redis doesn't know it (at the start and after a
    /// flush).
    std::optional<RedisReply> run(RedisScript& script, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& arguments);

    /// The name of an entry: the site's prefix, the kind ("throttle"), and a keyed hash of the parts, so that
    /// no text that a stranger sends can name another entry, and Redis learns no addresses.
    std::string key(std::string_view kind, const std::vector<std::string_view>& parts) const;

    static constexpr std::chrono::milliseconds connect_timeout{50};
    static constexpr std::chrono::milliseconds command_timeout{50};
    static constexpr std::chrono::seconds pause{1};  ///< after a failure

private:
    using Steady = std::chrono::steady_clock;
    struct Close {
        void operator()(redisContext* context) const;
    };
    using Connection = std::unique_ptr<redisContext, Close>;
    static constexpr std::size_t most_kept = 16;

    bool may_ask();
    Connection take_kept();
    Connection connect(std::string& fault) const;
    void keep(Connection connection);
    void failed(const std::string& fault, Steady::time_point began);
    static std::optional<RedisReply> ask(redisContext* connection,
                                         const std::vector<std::string_view>& words);

    std::optional<RedisAddress> address_{};
    std::string prefix_{};
    std::string hash_key_{};
    std::mutex mutex_{};
    std::vector<Connection> kept_{};
    std::atomic<Steady::duration> asleep_until_{Steady::duration::zero()};
    std::atomic<Steady::duration> logged_at_{Steady::duration::min()};
};

}  // namespace tamiti
