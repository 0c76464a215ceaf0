#include "core/http/gate.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tamiti::http {
namespace {

using namespace std::chrono_literals;

/// Eight places and a line of 32, as a machine with two cores has; connections are numbers here.
class HttpGate : public ::testing::Test {
public:
    static Connection* connection(std::uintptr_t number) { return reinterpret_cast<Connection*>(number); }
    static std::uintptr_t number(Connection* one) { return reinterpret_cast<std::uintptr_t>(one); }

    Gate::Entry enter(Gate::Asker asker, std::uintptr_t as = 1) {
        return gate.enter(connection(as), asker, Gate::Clock::time_point(now));
    }
    std::size_t entered(Gate::Asker asker, int times) {
        std::size_t served = 0;
        for (int i = 0; i < times; ++i) served += enter(asker) == Gate::Entry::serve ? 1 : 0;
        return served;
    }
    /// Lets the asker be served so often, one request after the other.
    void teach(Gate::Asker asker, Gate::Clock::duration took) {
        for (int i = 0; i < 20; ++i) {
            ASSERT_EQ(enter(asker), Gate::Entry::serve);
            ASSERT_EQ(gate.leave(asker, took), nullptr);
        }
    }

    Gate gate{8, 40};
    Gate::Clock::duration now{1h};
    static constexpr Gate::Asker ada = 1, bob = 2, cid = 3;
};

TEST_F(HttpGate, GivesAQuarterToWhoseRequestsTakeLong) {
    teach(ada, 200ms);
    EXPECT_EQ(entered(ada, 8), 2U);
    teach(bob, 1ms);
    EXPECT_EQ(entered(bob, 8), 6U) << "whoever is quick has the rest";
}

TEST_F(HttpGate, LeavesACoreToOthersWhileTheyAsk) {
    teach(ada, 200ms);
    teach(bob, 1ms);
    EXPECT_EQ(entered(ada, 8), 1U) << "half of a quarter";
    EXPECT_EQ(enter(bob), Gate::Entry::serve);
    EXPECT_EQ(gate.leave(bob, 1ms), nullptr) << "who waits is slow and has theirs";
    now += 2s;
    EXPECT_EQ(enter(ada), Gate::Entry::wait) << "in line behind the others of theirs";
    EXPECT_NE(gate.leave(ada, 200ms), nullptr) << "alone again they go on";
}

TEST_F(HttpGate, GivesAQuarterAgainOnceTheOthersAreGone) {
    teach(bob, 1ms);
    teach(ada, 200ms);
    now += 2s;
    EXPECT_EQ(entered(ada, 8), 2U);
}

TEST_F(HttpGate, GivesHalfToWhomItDoesNotKnow) {
    EXPECT_EQ(entered(ada, 8), 4U);
    EXPECT_EQ(entered(bob, 8), 4U);
}

TEST_F(HttpGate, LetsNobodyFillTheLine) {
    teach(ada, 200ms);
    int refused = 0;
    for (int i = 0; i < 20; ++i) refused += enter(ada) == Gate::Entry::refused ? 1 : 0;
    EXPECT_EQ(refused, 20 - 2 - 8) << "two are served and a quarter of 32 wait";
    EXPECT_EQ(enter(bob), Gate::Entry::serve);
}

TEST_F(HttpGate, TakesTheAskersInTheLineInTurn) {
    ASSERT_EQ(entered(ada, 4), 4U);
    ASSERT_EQ(entered(bob, 4), 4U);
    for (const std::uintptr_t as : {11, 12, 13}) ASSERT_EQ(enter(ada, as), Gate::Entry::wait);
    ASSERT_EQ(enter(cid, 21), Gate::Entry::wait);
    std::vector<std::uintptr_t> order;
    for (int i = 0; i < 4; ++i) order.push_back(number(gate.leave(ada, 1ms)));
    EXPECT_EQ(order, (std::vector<std::uintptr_t>{11, 21, 12, 13}));
    EXPECT_EQ(gate.leave(bob, 1ms), nullptr);
}

TEST_F(HttpGate, PassesOverWhoHasAllThatTheyMayHave) {
    teach(ada, 200ms);
    ASSERT_EQ(entered(ada, 2), 2U);
    ASSERT_EQ(enter(ada, 11), Gate::Entry::wait);
    ASSERT_EQ(entered(bob, 4), 4U);
    ASSERT_EQ(gate.leave(bob, 1ms), nullptr) << "a place is free and nobody may have it";
    EXPECT_EQ(enter(cid), Gate::Entry::serve);
    EXPECT_EQ(gate.leave(ada, 200ms), nullptr) << "beside others one is enough";
    EXPECT_EQ(number(gate.leave(ada, 200ms)), 11U);
}

TEST_F(HttpGate, ForgetsASlowDayAfterSomeQuickRequests) {
    teach(ada, 200ms);
    for (int i = 0; i < 5; ++i) teach(ada, 1ms);
    EXPECT_EQ(entered(ada, 9), 8U) << "all of them, since nobody else asks";
}

TEST_F(HttpGate, LeavesOnePlaceBesideSomebodyQuick) {
    teach(ada, 1ms);
    ASSERT_EQ(entered(bob, 1), 1U);
    ASSERT_EQ(gate.leave(bob, 1ms), nullptr);
    EXPECT_EQ(entered(ada, 8), 7U) << "all but one, which is there for whoever else asks";
}

TEST_F(HttpGate, TakesOutWhoWaitedTooLong) {
    ASSERT_EQ(entered(ada, 4), 4U);
    ASSERT_EQ(enter(ada, 11), Gate::Entry::wait);
    now += 1s;
    ASSERT_EQ(enter(ada, 12), Gate::Entry::wait);
    const Gate::Clock::time_point limit(now - 1s);
    EXPECT_EQ(number(gate.expire(limit)), 11U);
    EXPECT_EQ(gate.expire(limit), nullptr);
    EXPECT_EQ(number(gate.leave(ada, 1ms)), 12U);
}

TEST_F(HttpGate, KnowsWhoseCredentialsAre) {
    EXPECT_EQ(gate.asker_of(77, 77), 77U);
    gate.know(77, ada);
    EXPECT_EQ(gate.asker_of(77, 77), ada);
    for (std::uint64_t other = 1000; other < 30'000; ++other) gate.know(other, bob);
    EXPECT_EQ(gate.asker_of(29'999, 0), bob) << "what is kept is bounded, the last is there";
}

}  // namespace
}  // namespace tamiti::http
