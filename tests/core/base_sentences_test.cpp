#include "core/base/sentences.hpp"

#include <gtest/gtest.h>

namespace tamiti::test {
namespace {

using std::chrono::seconds;

TEST(SentencesTest, NounsHaveTheArticleOfTheirSound) {
    EXPECT_EQ(with_article("invitation"), "an invitation");
    EXPECT_EQ(with_article("attachment"), "an attachment");
    EXPECT_EQ(with_article("auth.session"), "an auth.session");
    EXPECT_EQ(with_article("project"), "a project");
    EXPECT_EQ(with_article("user"), "a user");
    EXPECT_EQ(with_article("users.user"), "a users.user");
}

TEST(SentencesTest, AnEmptyListOfNamesSaysNone) {
    EXPECT_EQ(listed({}), "none");
    EXPECT_EQ(listed({"name"}), "name");
    EXPECT_EQ(listed({"name", "code"}), "name, code");
}

TEST(SentencesTest, WaitsAreToldInTheLargestUnitAndNeverTooShort) {
    EXPECT_EQ(in_words(seconds(0)), "1 second");
    EXPECT_EQ(in_words(seconds(1)), "1 second");
    EXPECT_EQ(in_words(seconds(59)), "59 seconds");
    EXPECT_EQ(in_words(seconds(60)), "1 minute");
    EXPECT_EQ(in_words(seconds(61)), "2 minutes");
    EXPECT_EQ(in_words(seconds(900)), "15 minutes");
    EXPECT_EQ(in_words(seconds(3540)), "59 minutes");
    EXPECT_EQ(in_words(seconds(3541)), "1 hour");
    EXPECT_EQ(in_words(seconds(3600)), "1 hour");
    EXPECT_EQ(in_words(seconds(3601)), "2 hours");
    EXPECT_EQ(in_words(seconds(86400)), "24 hours");
}

}  // namespace
}  // namespace tamiti::test
