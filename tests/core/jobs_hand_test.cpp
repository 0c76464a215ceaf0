#include "core/jobs/hand.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "core/jobs/attempt.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;

std::vector<Claimed> some(int count, const std::string& queue = "default") {
    std::vector<Claimed> claimed(static_cast<std::size_t>(count));
    for (Claimed& job : claimed) {
        job.id = Uuid::make();
        job.queue = queue;
    }
    return claimed;
}

void run(Hand& hand, int count) {
    for (int i = 0; i < count; ++i) {
        const auto held = hand.take();
        hand.end(held, given_back(held->job));
    }
}

TEST(Hand, WantsOneJobForEachThreadUntilItKnowsThatTheyAreQuick) {
    Hand hand(4, {});
    EXPECT_EQ(hand.wanted(), 4);
    hand.put(some(3));
    EXPECT_EQ(hand.wanted(), 0) << "some lie ready";
    run(hand, 3);
    EXPECT_EQ(hand.wanted(), 4);
    for (int i = 0; i < 40; ++i) {
        hand.put(some(4));
        run(hand, 4);
    }
    EXPECT_GT(hand.wanted(), 50);
    EXPECT_LE(hand.wanted(), 404);
}

TEST(Hand, GivesBackWhatOthersWouldHaveBegun) {
    Hand hand(1, {});
    for (int i = 0; i < 100; ++i) {
        hand.put(some(1));
        run(hand, 1);
    }
    hand.collect();
    const auto before = std::chrono::steady_clock::now();
    hand.put(some(3));
    const auto slow = hand.take();
    hand.give_back_stale(before);
    EXPECT_TRUE(hand.collect().empty()) << "it has only just come";
    hand.give_back_stale(std::chrono::steady_clock::now() + 1s);
    const auto back = hand.collect();
    ASSERT_EQ(back.size(), 2U);
    for (const auto& outcome : back) {
        EXPECT_EQ(outcome.next, Outcome::Next::waiting);
        EXPECT_FALSE(outcome.counts);
    }
    EXPECT_EQ(hand.wanted(), 0) << "nothing is claimed ahead of a slow one";
    hand.end(slow, std::nullopt);
}

TEST(Hand, LeavesRoomInAQueueUpToItsLimit) {
    Hand hand(8, {{"mail", 3}});
    const std::vector<std::string> queues = {"default", "mail"};
    EXPECT_EQ(hand.free_of(queues, 8), (std::vector<std::string>{"8", "3"}));
    hand.put(some(2, "mail"));
    EXPECT_EQ(hand.free_of(queues, 8), (std::vector<std::string>{"8", "1"}));
    run(hand, 1);
    EXPECT_EQ(hand.free_of(queues, 8), (std::vector<std::string>{"8", "2"}));
    EXPECT_TRUE(hand.take_poke()) << "there may be one that had to wait";
}

TEST(Hand, WritesNothingOfAJobThatIsNotItsOwnAnyMore) {
    Hand hand(2, {});
    hand.put(some(2));
    const auto first = hand.take();
    hand.lose_all();
    EXPECT_TRUE(first->stop);
    hand.end(first, given_back(first->job));
    EXPECT_TRUE(hand.collect().empty());
    EXPECT_EQ(hand.busy(), 0U);
}

TEST(Hand, SaysOnceWhatBecameOfAJobThatDoesNotEnd) {
    Hand hand(1, {});
    hand.put(some(1));
    const auto held = hand.take();
    hand.settle(held, dead(held->job, "stuck"));
    hand.end(held, given_back(held->job));
    const auto said = hand.collect();
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].why, "stuck");
}

TEST(Hand, BeginsNothingOnceItIsClosed) {
    Hand hand(2, {});
    hand.put(some(2));
    hand.close();
    hand.put(some(1));
    EXPECT_EQ(hand.take(), nullptr);
    EXPECT_EQ(hand.collect().size(), 3U);
    EXPECT_EQ(hand.wanted(), 0);
}

}  // namespace
}  // namespace tamiti::jobs
