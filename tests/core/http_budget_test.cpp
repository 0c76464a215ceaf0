#include "core/http/budget.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace tamiti::http {
namespace {

using namespace std::chrono_literals;

/// A budget of 100 bytes; connections are numbers here, and all of them wait for their clients but those that
/// are busy.
class HttpBudget : public ::testing::Test {
public:
    static constexpr Budget::Holder office = 1, home = 2, cafe = 3, ada = 11, bob = 12, cid = 13;

    bool hold(std::uintptr_t number, Budget::Holder address, Budget::Holder asker, std::size_t bytes) {
        while (holdings.size() <= number)
            holdings.emplace_back(reinterpret_cast<Connection*>(holdings.size()));
        return budget.hold(holdings[number], {address, asker, bytes}, Budget::Clock::time_point(now));
    }

    std::deque<Budget::Holding> holdings{};
    std::set<std::uintptr_t> busy{};
    std::set<std::uintptr_t> cut{};
    Budget budget{100, [this](Connection& one) {
                      const auto number = reinterpret_cast<std::uintptr_t>(&one);
                      return !busy.contains(number) && cut.insert(number).second;
                  }};
    Budget::Clock::duration now{1h};
};

TEST_F(HttpBudget, GivesAnAskerAQuarterAndAnAddressHalf) {
    EXPECT_TRUE(hold(1, office, ada, 20));
    EXPECT_FALSE(hold(2, home, ada, 10)) << "from another address it is still ada";
    EXPECT_TRUE(hold(2, home, ada, 5));
    EXPECT_TRUE(hold(3, office, bob, 20));
    EXPECT_FALSE(hold(4, office, cid, 20)) << "of the office are 40";
    EXPECT_TRUE(hold(4, home, cid, 20));
    EXPECT_EQ(budget.held(), 65U);
    EXPECT_TRUE(cut.empty());
}

TEST_F(HttpBudget, LetsAnybodyHaveOneThatIsLong) {
    EXPECT_TRUE(hold(1, office, ada, 80));
    EXPECT_FALSE(hold(2, office, ada, 10));
    EXPECT_FALSE(hold(1, office, ada, 110)) << "but no more than there is";
}

TEST_F(HttpBudget, LetsThoseWhoAreSlowGoBeforeOthersOfTheirs) {
    ASSERT_TRUE(hold(1, office, ada, 10));
    ASSERT_TRUE(hold(2, office, ada, 10));
    now += 11s;
    ASSERT_TRUE(hold(3, office, bob, 20));
    EXPECT_TRUE(hold(4, office, ada, 10));
    EXPECT_EQ(cut, std::set<std::uintptr_t>{1}) << "the longest, and no other";
    EXPECT_FALSE(hold(1, office, ada, 12)) << "who was cut gets nothing more";
    EXPECT_EQ(budget.held(), 40U);
}

TEST_F(HttpBudget, LetsTheLongestOfWhoeverHoldsMostGoForAnybodyElse) {
    ASSERT_TRUE(hold(1, cafe, 0, 30));
    ASSERT_TRUE(hold(2, office, ada, 25));
    ASSERT_TRUE(hold(3, office, bob, 25));
    ASSERT_TRUE(hold(4, cafe, 0, 15));
    EXPECT_TRUE(hold(5, home, cid, 20)) << "nobody was slow, yet the office holds most";
    EXPECT_EQ(cut, std::set<std::uintptr_t>{2});
    EXPECT_EQ(budget.held(), 90U);
}

TEST_F(HttpBudget, PassesOverThoseWhoseRequestIsServed) {
    ASSERT_TRUE(hold(1, office, ada, 25));
    ASSERT_TRUE(hold(2, office, bob, 25));
    ASSERT_TRUE(hold(3, home, cid, 25));
    ASSERT_TRUE(hold(4, cafe, 0, 25));
    busy = {1};
    EXPECT_TRUE(hold(5, home, 0, 20));
    EXPECT_EQ(cut, std::set<std::uintptr_t>{2});
    busy = {1, 3, 4, 5};
    EXPECT_FALSE(hold(6, cafe, 0, 20)) << "all that is left is served now";
}

TEST_F(HttpBudget, KnowsWhoHoldsWhenTheyAreKnownLater) {
    ASSERT_TRUE(hold(1, office, 0, 20));
    ASSERT_TRUE(hold(1, office, ada, 20));
    EXPECT_FALSE(hold(2, home, ada, 20));
    ASSERT_TRUE(hold(1, office, ada, 0));
    EXPECT_TRUE(hold(2, home, ada, 20));
    budget.drop(holdings[2]);
    EXPECT_EQ(budget.held(), 0U);
}

}  // namespace
}  // namespace tamiti::http
