#include "core/cache/cache.hpp"

#include <algorithm>

#include "core/cache/redis.hpp"
#include "core/site/site.hpp"

namespace tamiti {

std::optional<std::string> cache_get(Site& site, std::string_view key) {
    Redis& redis = site.memory.get<Redis>(site);
    if (!redis.is_configured()) return std::nullopt;
    auto reply = redis.command({"GET", redis.key("cache", {key})});
    if (!reply || reply->kind != RedisReply::Kind::text) return std::nullopt;
    return std::move(reply->text);
}

void cache_set(Site& site, std::string_view key, std::string_view value, std::chrono::seconds lifetime) {
    Redis& redis = site.memory.get<Redis>(site);
    if (!redis.is_configured()) return;
    const std::string seconds = std::to_string(std::max<std::int64_t>(1, lifetime.count()));
    redis.command({"SET", redis.key("cache", {key}), value, "EX", seconds});
}

void cache_forget(Site& site, std::string_view key) {
    Redis& redis = site.memory.get<Redis>(site);
    if (redis.is_configured()) redis.command({"DEL", redis.key("cache", {key})});
}

}  // namespace tamiti
