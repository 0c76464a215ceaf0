#include <gtest/gtest.h>

#include "core/db/error.hpp"

namespace tamiti::db {
namespace {

int status_of(const std::string& sqlstate) {
    const auto* problem = problem_of(Error("what the server said", sqlstate));
    if (problem == nullptr) return 500;
    EXPECT_EQ(problem->detail().find("server said"), std::string::npos) << "a client sees the server's text";
    EXPECT_FALSE(problem->code().empty());
    return problem->status();
}

TEST(DatabaseErrors, ThatAClientCausedAreTheClients) {
    for (const auto* sqlstate : {"23505", "23503", "23P01"}) EXPECT_EQ(status_of(sqlstate), 409) << sqlstate;
    for (const auto* sqlstate :
         {"23514", "22001", "22003", "22007", "22008", "22P02", "22021", "22P05", "54000"}) {
        EXPECT_EQ(status_of(sqlstate), 422) << sqlstate;
    }
}

TEST(DatabaseErrors, ThatPassAre503) {
    for (const auto* sqlstate :
         {"40001", "40P01", "55P03", "57014", "53200", "53300", "08000", "08006", "57P01", "57P03"}) {
        EXPECT_EQ(status_of(sqlstate), 503) << sqlstate;
        const auto* problem = problem_of(Error("", sqlstate));
        EXPECT_EQ(problem->headers().front().first, "Retry-After") << sqlstate;
    }
}

TEST(DatabaseErrors, OfAFullDiskAre503) {
    EXPECT_EQ(status_of("53100"), 503);
}

TEST(DatabaseErrors, ThatNobodyForesawAreBugs) {
    for (const auto* sqlstate : {"42P01", "42601", "42501", "25006", "23502", "XX000", "22012", ""}) {
        EXPECT_EQ(status_of(sqlstate), 500) << sqlstate;
    }
}

TEST(DatabaseErrors, KnowWhetherAnotherAttemptMaySucceed) {
    EXPECT_TRUE(Error("", "40001").is_retryable());
    EXPECT_TRUE(Error("", "40P01").is_retryable());
    EXPECT_FALSE(Error("", "23505").is_retryable());
    EXPECT_TRUE(Error("", "08006").is_disconnect());
    EXPECT_TRUE(Error("", "57P01").is_disconnect());
    EXPECT_FALSE(Error("", "57014").is_disconnect());
}

}  // namespace
}  // namespace tamiti::db
