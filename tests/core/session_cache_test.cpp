#include "core/access/session_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace tamiti {
namespace {

TEST(SessionCache, AsksOnceForManyRequests) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    int asked = 0;
    const SessionCache::Load load = [&](const Uuid&) {
        ++asked;
        return SessionState{.is_open = true};
    };
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(cache.find(session, load)->is_open);
    EXPECT_EQ(asked, 1);
    cache.find(Uuid::make(), load);
    EXPECT_EQ(asked, 2);
}

TEST(SessionCache, AsksAgainAfterASecond) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    bool is_open = true;
    const SessionCache::Load load = [&](const Uuid&) { return SessionState{.is_open = is_open}; };
    const auto now = std::chrono::steady_clock::now();
    EXPECT_TRUE(cache.find(session, load, now)->is_open);
    is_open = false;  // as on another node
    EXPECT_TRUE(
        cache.find(session, load, now + SessionCache::longest_age - std::chrono::milliseconds(1))->is_open);
    EXPECT_FALSE(cache.find(session, load, now + SessionCache::longest_age)->is_open);
}

TEST(SessionCache, ForgetsAtOnceWhatChangedHere) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    const Uuid other = Uuid::make();
    const Uuid user = Uuid::make();
    int asked = 0;
    const SessionCache::Load of_user = [&](const Uuid& id) {
        ++asked;
        return SessionState{.user = id == other ? Uuid{} : user};
    };
    cache.find(session, of_user);
    cache.find(other, of_user);
    cache.forget(session);
    cache.find(session, of_user);
    EXPECT_EQ(asked, 3);
    cache.forget_user(user);
    cache.find(session, of_user);
    cache.find(other, of_user);
    EXPECT_EQ(asked, 4) << "the other one's session was not forgotten";
}

TEST(SessionCache, TellsEverybodyWhoWaitsThatTheDatabaseIsAwayAndThenAsksAgain) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    bool is_away = true;
    const SessionCache::Load load = [&](const Uuid&) {
        if (is_away) throw std::runtime_error("away");
        return SessionState{.is_open = true};
    };
    EXPECT_THROW(cache.find(session, load), std::runtime_error);
    EXPECT_THROW(cache.find(session, load), std::runtime_error);
    is_away = false;
    EXPECT_TRUE(cache.find(session, load)->is_open);
}

TEST(SessionCache, LetsThoseWhoComeTogetherWaitForOneAnswer) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    std::atomic<int> asked{0};
    std::atomic<int> answered{0};
    std::promise<void> go;
    const std::shared_future<void> gate = go.get_future().share();
    const SessionCache::Load load = [&](const Uuid&) {
        ++asked;
        gate.wait();
        return SessionState{.is_open = true};
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            EXPECT_TRUE(cache.find(session, load)->is_open);
            ++answered;
        });
    while (asked == 0) std::this_thread::yield();
    EXPECT_EQ(answered, 0);
    go.set_value();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(asked, 1);
}

TEST(SessionCache, DoesNotKeepAnAnswerThatWasOnItsWayWhenTheSessionEnded) {
    SessionCache cache;
    const Uuid session = Uuid::make();
    const SessionCache::Load ended = [](const Uuid&) { return SessionState{.is_open = false}; };
    const SessionCache::Load overtaken = [&](const Uuid&) {
        cache.forget_user(Uuid::make());  // a change that commits after the database was asked
        return SessionState{.is_open = true};
    };
    cache.find(session, overtaken);
    EXPECT_FALSE(cache.find(session, ended)->is_open);
}

TEST(SessionCache, StaysBounded) {
    SessionCache cache;
    const SessionCache::Load load = [](const Uuid&) { return SessionState{.is_open = true}; };
    for (int i = 0; i < 40'000; ++i) EXPECT_TRUE(cache.find(Uuid::make(), load)->is_open);
}

}  // namespace
}  // namespace tamiti
