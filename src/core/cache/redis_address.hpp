#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tamiti {

/// Where a Redis is: what REDIS_URL says.
struct RedisAddress {
    std::string socket{};  ///< path of a unix socket; empty for TCP
    std::string host{};
    int port = 6379;
    std::string user{};
    std::string password{};
    int database = 0;

    /// For people: without user and password.
    std::string text() const;
};

/// Reads redis://[user:password@]host[:port][/database] and unix:///path[?db=1], also unix:/path; user and
/// password percent-encoded where they must be. Nothing for anything else, rediss:// among it.
std::optional<RedisAddress> parse_redis_url(std::string_view url);

}  // namespace tamiti
