#include "core/cache/cache.hpp"

#include <gtest/gtest.h>

#include "core/cache/redis.hpp"
#include "core/site/site.hpp"
#include "tests/support/redis.hpp"

namespace tamiti {
namespace {

struct Node {
    Settings settings;
    Site site;

    explicit Node(const std::string& url, const std::string& database = "studio") {
        settings.redis_url = url;
        settings.database_url = "postgresql://app@/" + database + "?host=/tmp";
        site.secret = "a secret of the tests that is long enough";
        site.settings = &settings;
        site.clock = std::make_shared<Clock>();
    }
    Redis& redis() { return site.memory.get<Redis>(site); }
};

TEST(Cache, KeepsAValueForAllNodesOfASiteUntilItIsForgotten) {
    test::PrivateRedis server;
    Node one(server.url());
    Node other(server.url());
    Node stranger(server.url(), "another");
    EXPECT_EQ(cache_get(one.site, "greeting"), std::nullopt);
    const std::string value("bytes\0of any kind \xff", 19);
    cache_set(one.site, "greeting", value, std::chrono::seconds(60));
    EXPECT_EQ(cache_get(other.site, "greeting"), value);
    EXPECT_EQ(cache_get(stranger.site, "greeting"), std::nullopt) << "another site sees the value";
    cache_forget(other.site, "greeting");
    EXPECT_EQ(cache_get(one.site, "greeting"), std::nullopt);
    cache_set(one.site, "empty", "", std::chrono::seconds(60));
    EXPECT_EQ(cache_get(one.site, "empty"), "");
}

TEST(Cache, GivesEveryValueAnEnd) {
    test::PrivateRedis server;
    Node node(server.url());
    cache_set(node.site, "a", "1", std::chrono::seconds(60));
    cache_set(node.site, "b", "2", std::chrono::seconds(0));
    const auto keys = node.redis().command({"KEYS", "*"})->list;
    ASSERT_EQ(keys.size(), 2U);
    for (const auto& key : keys) EXPECT_GT(node.redis().command({"PTTL", key.text})->integer, 0) << key.text;
}

TEST(Cache, IsEmptyWithoutRedisAndNeverFails) {
    test::PrivateRedis server;
    Node without("");
    cache_set(without.site, "a", "1", std::chrono::seconds(60));
    EXPECT_EQ(cache_get(without.site, "a"), std::nullopt);

    Node dead(server.url());
    cache_set(dead.site, "a", "1", std::chrono::seconds(60));
    server.kill();
    EXPECT_EQ(cache_get(dead.site, "a"), std::nullopt);
    cache_set(dead.site, "a", "2", std::chrono::seconds(60));
    cache_forget(dead.site, "a");
}

TEST(Cache, TakesAnEntryOfAnotherTypeForNone) {
    test::PrivateRedis server;
    Node node(server.url());
    node.redis().command({"LPUSH", node.redis().key("cache", {"a"}), "x"});
    EXPECT_EQ(cache_get(node.site, "a"), std::nullopt);
    cache_set(node.site, "a", "1", std::chrono::seconds(60));
    EXPECT_EQ(cache_get(node.site, "a"), "1");
}

}  // namespace
}  // namespace tamiti
