#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <cmath>

#include "core/jobs/backoff.hpp"

namespace tamiti::jobs {
namespace {

const JobRules rules{.first_retry = std::chrono::seconds(5), .longest_retry = std::chrono::seconds(3600)};

TEST(Backoff, DoublesFromTheFirstToTheLongest) {
    EXPECT_DOUBLE_EQ(backoff(rules, 1, 0), 5);
    EXPECT_DOUBLE_EQ(backoff(rules, 2, 0), 10);
    EXPECT_DOUBLE_EQ(backoff(rules, 10, 0), 2560);
    EXPECT_DOUBLE_EQ(backoff(rules, 11, 0), 3600);
    EXPECT_DOUBLE_EQ(backoff(rules, 1000000, 0), 3600);
    EXPECT_DOUBLE_EQ(backoff(rules, 0, 0), 5) << "no attempt at all counts as the first";
}

RC_GTEST_PROP(Backoff, IsMonotoneBoundedAndJitteredByAFifthAtMost, ()) {
    const JobRules any{.first_retry = std::chrono::seconds(*rc::gen::inRange(0, 10000)),
                       .longest_retry = std::chrono::seconds(*rc::gen::inRange(0, 100000))};
    const int attempt = *rc::gen::inRange(1, 200);
    const double jitter = *rc::gen::inRange(-1000, 1001) / 1000.0;
    const double plain = backoff(any, attempt, 0);
    RC_ASSERT(backoff(any, attempt + 1, 0) >= plain);
    RC_ASSERT(backoff(any, attempt, jitter) <= static_cast<double>(any.longest_retry.count()));
    RC_ASSERT(std::abs(backoff(any, attempt, jitter) - plain) <= plain / 5 + 1e-9);
    const double random = backoff(any, attempt);
    RC_ASSERT(random >= plain * 0.8 - 1e-9 && random <= plain * 1.2 + 1e-9);
}

}  // namespace
}  // namespace tamiti::jobs
