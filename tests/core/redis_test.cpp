#include "core/cache/redis.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "core/site/site.hpp"
#include "tests/support/redis.hpp"

namespace tamiti {
namespace {

using Steady = std::chrono::steady_clock;

Settings settings_for(const std::string& url) {
    Settings settings;
    settings.redis_url = url;
    settings.database_url = "postgresql://app@/studio?host=/tmp";
    return settings;
}

Site site_of(const Settings& settings) {
    Site site;
    site.secret = "a secret of the tests that is long enough";
    site.settings = &settings;
    site.clock = std::make_shared<Clock>();
    return site;
}

int free_port() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(probe, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size), 0);
    close(probe);
    return ntohs(address.sin_port);
}

void rest_after_failure() {
    std::this_thread::sleep_for(Redis::pause + std::chrono::milliseconds(50));
}

TEST(RedisAddress, ReadsWhatPeopleWrite) {
    const auto plain = parse_redis_url("redis://localhost").value();
    EXPECT_EQ(plain.host, "localhost");
    EXPECT_EQ(plain.port, 6379);
    EXPECT_EQ(plain.database, 0);
    const auto full = parse_redis_url("redis://ada:p%40ss:w@[::1]:7000/3").value();
    EXPECT_EQ(full.host, "::1");
    EXPECT_EQ(full.port, 7000);
    EXPECT_EQ(full.database, 3);
    EXPECT_EQ(full.user, "ada");
    EXPECT_EQ(full.password, "p@ss:w");
    EXPECT_EQ(full.text(), "::1:7000") << "the password must not reach a log";
    EXPECT_EQ(parse_redis_url("redis://:secret@cache/")->password, "secret");
    EXPECT_EQ(parse_redis_url("unix:///run/redis.sock")->socket, "/run/redis.sock");
    EXPECT_EQ(parse_redis_url("unix:/run/redis.sock?db=2")->database, 2);
}

TEST(RedisAddress, RefusesEverythingElse) {
    for (const char* wrong :
         {"", "localhost", "rediss://localhost", "redis://", "redis://:6379", "redis://a:0",
          "redis://a:66666", "redis://a:b", "redis://a/x", "redis://[::1", "redis://[::1]7",
          "redis://u:%zz@a", "unix://", "unix://relative", "unix:///a?x=1", "unix:///a?db=-1"})
        EXPECT_FALSE(parse_redis_url(wrong)) << wrong;
    EXPECT_FALSE(parse_redis_url("unix:///" + std::string(200, 'a'))) << "longer than a socket's path may be";
}

TEST(Redis, AnswersNothingWhereThereIsNone) {
    const Settings settings = settings_for("");
    Redis redis(site_of(settings));
    EXPECT_FALSE(redis.is_configured());
    EXPECT_FALSE(redis.command({"PING"}));
}

TEST(Redis, RunsCommandsAndTellsErrorsFromAnswers) {
    test::PrivateRedis server;
    const Settings settings = settings_for(server.url());
    Redis redis(site_of(settings));
    EXPECT_EQ(redis.command({"PING"})->text, "PONG");
    EXPECT_EQ(redis.command({"GET", "absent"})->kind, RedisReply::Kind::nothing);
    const std::string binary("a\0\r\n\xff", 5);
    redis.command({"SET", "bytes", binary});
    EXPECT_EQ(redis.command({"GET", "bytes"})->text, binary);
    redis.command({"LPUSH", "list", "one"});
    const auto wrong = redis.command({"GET", "list"});
    EXPECT_EQ(wrong->kind, RedisReply::Kind::error);
    EXPECT_TRUE(wrong->text.starts_with("WRONGTYPE")) << wrong->text;
    EXPECT_EQ(redis.command({"PING"})->text, "PONG");
}

TEST(Redis, SignsInAndChoosesTheDatabase) {
    const std::string port = std::to_string(free_port());
    test::PrivateRedis server({"--requirepass", "a word", "--port", port, "--bind", "127.0.0.1"});
    const Settings without = settings_for(server.url());
    Redis stranger(site_of(without));
    EXPECT_FALSE(stranger.command({"SET", "key", "value"})) << "without the password it is as good as away";

    const Settings first = settings_for("redis://:a%20word@127.0.0.1:" + port);
    const Settings second = settings_for("redis://default:a%20word@127.0.0.1:" + port + "/2");
    Redis one(site_of(first));
    Redis other(site_of(second));
    ASSERT_TRUE(one.command({"SET", "key", "value"}));
    EXPECT_EQ(one.command({"GET", "key"})->text, "value");
    EXPECT_EQ(other.command({"GET", "key"})->kind, RedisReply::Kind::nothing) << "it reads another database";
}

TEST(Redis, GivesAScriptAgainAfterAFlush) {
    test::PrivateRedis server;
    const Settings settings = settings_for(server.url());
    Redis redis(site_of(settings));
    RedisScript script("return {KEYS[1], ARGV[1]}");
    for (int round = 0; round < 3; ++round) {
        const auto reply = redis.run(script, {"key"}, {"argument"});
        ASSERT_EQ(reply->kind, RedisReply::Kind::list);
        EXPECT_EQ(reply->list[0].text, "key");
        EXPECT_EQ(reply->list[1].text, "argument");
        redis.command({"SCRIPT", "FLUSH"});
        redis.command({"FLUSHALL"});
    }
}

TEST(Redis, ThatHangsCostsOneTimeOutAndThenNothing) {
    test::PrivateRedis server;
    const Settings settings = settings_for(server.url());
    Redis redis(site_of(settings));
    ASSERT_TRUE(redis.command({"PING"}));
    server.stop();
    auto began = Steady::now();
    EXPECT_FALSE(redis.command({"PING"}));
    EXPECT_LT(Steady::now() - began, std::chrono::milliseconds(150));
    began = Steady::now();
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(redis.command({"PING"}));
    EXPECT_LT(Steady::now() - began, std::chrono::milliseconds(50)) << "it was asked again within its pause";
    server.resume();
    rest_after_failure();
    EXPECT_TRUE(redis.command({"PING"}));
}

TEST(Redis, IsUsedAgainWhenItIsBack) {
    test::PrivateRedis server;
    const Settings settings = settings_for(server.url());
    Redis redis(site_of(settings));
    ASSERT_TRUE(redis.command({"PING"}));
    server.kill();
    EXPECT_FALSE(redis.command({"PING"}));
    server.start();
    rest_after_failure();
    EXPECT_TRUE(redis.command({"PING"}));
    server.kill();
    server.start();
    EXPECT_TRUE(redis.command({"PING"})) << "a connection that died while it rested was not replaced";
}

TEST(Redis, NamesEntriesSoThatNoneMeet) {
    const Settings settings = settings_for("");
    Redis redis(site_of(settings));
    EXPECT_EQ(redis.key("throttle", {"login", "ada"}), redis.key("throttle", {"login", "ada"}));
    EXPECT_NE(redis.key("throttle", {"login", "ada"}), redis.key("throttle", {"logina", "da"}));
    EXPECT_NE(redis.key("throttle", {"login", "ada"}), redis.key("cache", {"login", "ada"}));
    EXPECT_NE(redis.key("throttle", {"a", "1:b"}), redis.key("throttle", {"a1", ":b"}));
    EXPECT_EQ(redis.key("throttle", {"login", "ada@studio.test"}).find("ada"), std::string::npos);

    Settings elsewhere = settings;
    elsewhere.database_url = "postgresql://app@/another?host=/tmp";
    Redis other(site_of(elsewhere));
    EXPECT_NE(redis.key("cache", {"x"}), other.key("cache", {"x"}));
}

}  // namespace
}  // namespace tamiti
