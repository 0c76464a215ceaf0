#include "core/program/signals.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <thread>

namespace tamiti::test {
namespace {

/// In a thread of its own, so that the suite's keeps its signals.
TEST(SignalsTest, TellsOfReadinessOnceAndNotBeforeItIsThere) {
    int asked = 0, told = 0, signal = 0;
    std::thread([&] {
        const Signals signals;
        signal = signals.wait_and_tell([&] { return ++asked == 3; },
                                       [&] {
                                           ++told;
                                           pthread_kill(pthread_self(), SIGTERM);
                                       });
    }).join();
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(told, 1);
    EXPECT_EQ(signal, SIGTERM);
}

TEST(SignalsTest, EndsWhileItWaitsToBeReadyAndTellsNothing) {
    int told = 0, signal = 0;
    std::thread([&] {
        const Signals signals;
        pthread_kill(pthread_self(), SIGINT);
        signal = signals.wait_and_tell([] { return false; }, [&] { ++told; });
    }).join();
    EXPECT_EQ(told, 0);
    EXPECT_EQ(signal, SIGINT);
}

}  // namespace
}  // namespace tamiti::test
