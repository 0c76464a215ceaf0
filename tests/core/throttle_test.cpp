#include "core/cache/throttle.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <random>
#include <thread>

#include "core/cache/redis.hpp"
#include "core/cache/throttle_memory.hpp"
#include "core/site/site.hpp"
#include "tests/support/redis.hpp"
#include "tests/support/studio.hpp"

namespace tamiti {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Limit login{"login", 10, minutes(15)};

/// One process of a site. Two with one URL are two nodes.
struct Node {
    Settings settings;
    Site site;
    std::shared_ptr<test::ManualClock> clock = std::make_shared<test::ManualClock>();

    explicit Node(const std::string& url = {}) {
        settings.redis_url = url;
        settings.database_url = "postgresql://app@/studio?host=/tmp";
        site.secret = "a secret of the tests that is long enough";
        site.settings = &settings;
        site.clock = clock;
    }
    Redis& redis() { return site.memory.get<Redis>(site); }
    bool take(const Limit& limit = login, std::string_view key = "ada") {
        return tamiti::take(site, limit, key).allowed;
    }
    int take_many(int tries, const Limit& limit = login, std::string_view key = "ada") {
        int allowed = 0;
        for (int i = 0; i < tries; ++i) allowed += take(limit, key) ? 1 : 0;
        return allowed;
    }
};

/// Permits that 64 threads get who ask `tries` times each; `meanwhile` runs beside them.
int hammer(
    Node& node, const Limit& limit, int tries, const std::function<void()>& meanwhile = [] {}) {
    std::atomic<int> allowed{0};
    std::atomic<bool> go{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 64; ++i) {
        threads.emplace_back([&] {
            while (!go) std::this_thread::yield();
            allowed += node.take_many(tries, limit);
        });
    }
    go = true;
    meanwhile();
    for (std::thread& thread : threads) thread.join();
    return allowed;
}

TEST(Throttle, GivesExactlyTheLimitToManyAtOnce) {
    test::PrivateRedis server;
    Node with(server.url());
    EXPECT_EQ(hammer(with, {"login", 500, minutes(15)}, 20), 500);
    Node without;
    EXPECT_EQ(hammer(without, {"login", 500, minutes(15)}, 20), 500);
}

TEST(Throttle, CountsTogetherForAllNodes) {
    test::PrivateRedis server;
    Node one(server.url());
    Node other(server.url());
    int allowed = 0;
    for (int i = 0; i < 40; ++i) allowed += (i % 2 == 0 ? one : other).take() ? 1 : 0;
    EXPECT_EQ(allowed, 10);
}

TEST(Throttle, GivesNobodyMoreWhenRedisIsKilledFlushedOrBackAgain) {
    test::PrivateRedis server;
    Node node(server.url());
    const Limit limit{"login", 400, minutes(15)};
    const int allowed = hammer(node, limit, 60, [&] {
        std::this_thread::sleep_for(milliseconds(5));
        server.kill();
        server.start();
    });
    EXPECT_EQ(allowed, 400);
    node.redis().command({"FLUSHALL"});
    EXPECT_EQ(node.take_many(50, limit), 0) << "a flushed Redis gave permits a second time";
    bool is_back = false;
    // On a machine that is busy one answer may come too late, which is followed by another pause.
    for (int tries = 0; tries < 10 && !is_back; ++tries) {
        std::this_thread::sleep_for(Redis::pause + milliseconds(50));
        is_back = node.redis().command({"PING"}).has_value();
    }
    ASSERT_TRUE(is_back);
    EXPECT_EQ(node.take_many(50, limit), 0) << "a new Redis gave permits a second time";
    EXPECT_EQ(node.take_many(50, limit, "bob"), 50) << "others must not be held up";
}

TEST(Throttle, GivesEachNodeAtMostTheLimitWhileRedisIsAway) {
    test::PrivateRedis server;
    Node one(server.url());
    Node other(server.url());
    EXPECT_EQ(one.take_many(6), 6);
    server.kill();
    EXPECT_EQ(one.take_many(50), 4);
    EXPECT_EQ(other.take_many(50), 10);
}

TEST(Throttle, IsNotForgottenByAFlushMidWay) {
    test::PrivateRedis server;
    Node node(server.url());
    int allowed = 0;
    for (int i = 0; i < 100; ++i) {
        if (i % 3 == 0) node.redis().command({"FLUSHALL"});
        if (i % 7 == 0) node.redis().command({"SCRIPT", "FLUSH"});
        allowed += node.take() ? 1 : 0;
    }
    EXPECT_EQ(allowed, 10);
}

TEST(Throttle, ReplacesAnEntryThatIsNotOurs) {
    test::PrivateRedis server;
    Node node(server.url());
    for (const std::vector<std::string_view>& rubbish : {std::vector<std::string_view>{"LPUSH", "", "x"},
                                                         {"HSET", "", "a", "b"},
                                                         {"SET", "", "\x93rubbish"},
                                                         {"SET", "", "12"},
                                                         {"SET", "", "\x92\x01\x92\xc0\xc0"}}) {
        Node fresh(server.url());
        auto words = rubbish;
        const std::string key = node.redis().key("throttle", {"login", "ada"});
        words[1] = key;
        node.redis().command({"DEL", key});
        ASSERT_NE(node.redis().command(words)->kind, RedisReply::Kind::error);
        EXPECT_EQ(fresh.take_many(30), 10) << rubbish[0];
    }
}

TEST(Throttle, CountsByItselfWhenRedisIsFullOrOnlyReads) {
    test::PrivateRedis full({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
    Node with_full(full.url());
    ASSERT_EQ(with_full.redis().command({"SET", "a", "b"})->kind, RedisReply::Kind::error);
    EXPECT_EQ(with_full.take_many(30), 10);
    test::PrivateRedis server;
    Node with_replica(server.url());
    EXPECT_EQ(with_replica.take_many(3), 3);
    with_replica.redis().command({"REPLICAOF", "127.0.0.1", "1"});
    EXPECT_EQ(with_replica.take_many(30), 7);
}

TEST(Throttle, GivesEveryCounterAnEnd) {
    test::PrivateRedis server;
    Node node(server.url());
    node.take();
    node.take({"burst", 5, seconds(1)}, "198.51.100.7");
    restore(node.site, {{login, "bob"}});
    const auto keys = node.redis().command({"KEYS", "*"})->list;
    ASSERT_EQ(keys.size(), 3U);
    for (const auto& key : keys) {
        const auto left = node.redis().command({"PTTL", key.text})->integer;
        EXPECT_GT(left, 0) << key.text;
        EXPECT_LE(left, 1000 * 60 * 16) << key.text;
    }
}

TEST(Throttle, GivesPermitsBackWhenTheirWindowIsOver) {
    test::PrivateRedis server;
    for (const std::string& url : {std::string(), server.url()}) {
        Node node(url);
        EXPECT_EQ(node.take_many(4), 4);
        node.clock->advance(minutes(10));
        EXPECT_EQ(node.take_many(20), 6);
        node.clock->advance(minutes(4));
        EXPECT_EQ(node.take_many(20), 0);
        node.clock->advance(minutes(1) + seconds(1));
        EXPECT_EQ(node.take_many(20), 4) << "the first four came back, the other six not yet: " << url;
        node.clock->advance(minutes(16));
        EXPECT_EQ(node.take_many(20), 10);
    }
}

TEST(Throttle, SaysWhatIsLeftAndWhenMoreIsThere) {
    test::PrivateRedis server;
    for (const std::string& url : {std::string(), server.url()}) {
        Node node(url);
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 10);
        EXPECT_EQ(peek(node.site, login, "ada").reset, seconds(0));
        EXPECT_EQ(take(node.site, login, "ada", 3).remaining, 7);
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 7);
        node.clock->advance(minutes(5));
        EXPECT_FALSE(take(node.site, login, "ada", 8).allowed) << "not all eight are there";
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 7) << "a refusal takes nothing";
        EXPECT_TRUE(take(node.site, login, "ada", 7).allowed);
        const Allowance refused = take(node.site, login, "ada");
        EXPECT_FALSE(refused.allowed);
        EXPECT_EQ(refused.limit, 10);
        EXPECT_EQ(refused.remaining, 0);
        EXPECT_NEAR(static_cast<double>(refused.reset.count()), 600, 1);
        EXPECT_FALSE(peek(node.site, login, "ada").allowed);
        const Allowance four = take(node.site, login, "ada", 4);
        EXPECT_NEAR(static_cast<double>(four.reset.count()), 900, 1)
            << "three come back sooner, the fourth then";
    }
}

TEST(Throttle, TakesOfSeveralLimitsTogetherOrOfNone) {
    constexpr Limit day{"login_day", 3, std::chrono::hours(24)};
    test::PrivateRedis server;
    for (const std::string& url : {std::string(), server.url()}) {
        Node node(url);
        const std::vector<Demand> both = {{login, "ada"}, {day, "ada"}};
        for (int i = 0; i < 3; ++i) EXPECT_NO_THROW(require(node.site, both));
        const std::vector<Allowance> refused = take(node.site, both);
        ASSERT_EQ(refused.size(), 2U);
        EXPECT_TRUE(refused[0].allowed);
        EXPECT_FALSE(refused[1].allowed);
        EXPECT_NEAR(static_cast<double>(refused[1].reset.count()), 24 * 3600, 1);
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 7) << "the other limit took nothing";
        const std::vector<Allowance> looked = take(node.site, {{login, "ada"}, {day, "ada", 0}});
        EXPECT_TRUE(looked[0].allowed) << "who only looks stops nothing";
        EXPECT_EQ(looked[1].remaining, 0);
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 6);
        restore(node.site, both);
        EXPECT_EQ(peek(node.site, login, "ada").remaining, 10);
        EXPECT_EQ(peek(node.site, day, "ada").remaining, 3);
        try {
            require(node.site, {{day, "ada", 4}, {login, "ada", 11}});
            FAIL() << "four of three";
        } catch (const Problem& problem) {
            EXPECT_EQ(problem.status(), 429);
            EXPECT_EQ(peek(node.site, login, "ada").remaining, 10);
        }
    }
}

TEST(Throttle, RestoresTheWholeLimitOnEveryNode) {
    test::PrivateRedis server;
    Node one(server.url());
    Node other(server.url());
    EXPECT_EQ(one.take_many(20), 10);
    restore(other.site, {{login, "ada"}});
    EXPECT_EQ(one.take_many(20), 10);
    EXPECT_EQ(other.take_many(20), 0);
    Node alone;
    EXPECT_EQ(alone.take_many(20), 10);
    restore(alone.site, {{login, "ada"}});
    EXPECT_EQ(alone.take_many(20), 10);
}

TEST(Throttle, RefusesNobodyByWhatAClockCountedThatStoodAhead) {
    const test::PrivateRedis redis;
    for (const std::string& url : {redis.url(), std::string()}) {
        Node node(url);
        node.clock->advance(std::chrono::hours(24 * 365));
        EXPECT_EQ(node.take_many(20), 10);
        node.clock->advance(-std::chrono::hours(24 * 365));
        EXPECT_EQ(node.take_many(20), 10) << "set right, it counts from nothing";
        Node other(url);
        other.clock->set(node.clock->now() - seconds(30));
        if (!url.empty())
            EXPECT_EQ(other.take_many(20), 0) << "clocks that differ a little share what they count";
    }
}

TEST(Throttle, KeepsHostileKeysApart) {
    Node node;
    EXPECT_EQ(node.take_many(20, login, "ada"), 10);
    for (const std::string& key : {std::string("ada "), std::string("ada\0", 4), std::string("3:ada"),
                                   std::string(), std::string(100'000, 'a'), std::string("\xff\xfe*?[]")})
        EXPECT_EQ(node.take_many(20, login, key), 10);
    EXPECT_EQ(node.take_many(20, {"logina", 10, minutes(15)}, "da"), 10);
}

TEST(Throttle, FloodedWithKeysForgetsNobodyAndStaysBounded) {
    Node node;
    ASSERT_EQ(node.take_many(20), 10);
    const std::size_t room = ThrottleMemory::shards * ThrottleMemory::most;
    int allowed = 0;
    const std::size_t strangers = room * 5 / 4;
    for (std::size_t i = 0; i < strangers; ++i)
        allowed += node.take(login, "stranger " + std::to_string(i)) ? 1 : 0;
    EXPECT_EQ(node.take_many(20), 0) << "a flood of other keys gave a guesser new tries";
    EXPECT_LT(static_cast<std::size_t>(allowed), strangers + 1);
    const int late = node.take_many(1000, login, "late");
    EXPECT_LE(late, 10) << "where there is no room, limits are shared and not absent";
    const std::string before = std::to_string(node.take_many(5, login, "late"));
    EXPECT_EQ(before, "0");
    node.clock->advance(minutes(16));
    EXPECT_EQ(node.take_many(20, login, "later"), 10) << "when their windows are over, counters make room";
}

/// Takes at random times and compares with a list of every permit: never more than the limit in any window,
/// and nothing refused that is free a 64th of the window later.
void compare_with_a_list(Node& node, unsigned seed) {
    std::mt19937 random(seed);
    const Limit limit{"random", 20, seconds(640)};
    std::deque<Timestamp> given;
    const auto given_after = [&](Timestamp time) {
        return std::count_if(given.begin(), given.end(), [&](Timestamp one) { return one > time; });
    };
    const milliseconds slack(20);
    const std::string key = std::to_string(seed);
    for (int step = 0; step < 400; ++step) {
        node.clock->advance(seconds(std::uniform_int_distribution(0, 60)(random)));
        const int permits = std::uniform_int_distribution(1, 3)(random);
        const Timestamp now = node.clock->now();
        const bool allowed = take(node.site, limit, key, permits).allowed;
        if (allowed) {
            EXPECT_LE(given_after(now - limit.window + slack) + permits, limit.permits)
                << seed << " " << step;
            given.insert(given.end(), static_cast<std::size_t>(permits), now);
        } else {
            EXPECT_GT(given_after(now - limit.window - limit.window / 64 - slack) + permits, limit.permits)
                << seed << " " << step;
        }
    }
    EXPECT_GT(given.size(), 100U);
}

TEST(Throttle, AgreesWithAListOfEveryPermit) {
    test::PrivateRedis server;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Node without;
        compare_with_a_list(without, seed);
        Node with(server.url());
        compare_with_a_list(with, seed);
    }
}

TEST(Throttle, RefusesWithAProblemThatSaysWhen) {
    Node node;
    const Limit limit{"reset", 1, seconds(900)};
    require(node.site, limit, "ada");
    try {
        require(node.site, limit, "ada");
        FAIL() << "the second was not refused";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.status(), 429);
        EXPECT_EQ(problem.code(), "http.too_many_requests");
        const std::vector<std::pair<std::string, std::string>> expected = {
            {"Retry-After", "900"},
            {"RateLimit-Policy", "\"reset\";q=1;w=900"},
            {"RateLimit", "\"reset\";r=0;t=900"}};
        EXPECT_EQ(problem.headers(), expected);
    }
}

TEST(Throttle, KnowsTheNetworkOfAnAddress) {
    const std::vector<std::pair<std::string, std::string>> networks = {
        {"203.0.113.77", "203.0.113.0/24"},
        {"::ffff:203.0.113.77", "203.0.113.0/24"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"::1", "::/64"},
        {"unix", "unix"},
        {"", ""},
        {"203.0.113.256", "203.0.113.256"},
    };
    for (const auto& [address, network] : networks) EXPECT_EQ(network_of(address), network) << address;
}

}  // namespace
}  // namespace tamiti
