#include "core/db/statement_cache.hpp"

#include <gtest/gtest.h>

namespace tamiti::db {
namespace {

TEST(StatementCache, ForgetsTheLeastRecentlyUsed) {
    StatementCache cache(2);
    const std::string first = cache.add("SELECT 1");
    cache.add("SELECT 2");
    ASSERT_NE(cache.find("SELECT 1"), nullptr);
    cache.add("SELECT 3");
    EXPECT_EQ(*cache.find("SELECT 1"), first);
    EXPECT_EQ(cache.find("SELECT 2"), nullptr);
    EXPECT_EQ(cache.doomed().size(), 1U);
}

TEST(StatementCache, KeepsWhatIsAskedForAgain) {
    StatementCache cache;
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(cache.is_worth_keeping("SELECT 1"));
    EXPECT_FALSE(cache.is_worth_keeping("SELECT 2"));
    EXPECT_TRUE(cache.is_worth_keeping("SELECT 1"));
    EXPECT_TRUE(cache.is_worth_keeping("SELECT 1"));
    int kept = 0;
    for (int i = 0; i < 100'000; ++i)
        kept += cache.is_worth_keeping("SELECT another " + std::to_string(i)) ? 1 : 0;
    EXPECT_LT(kept, 1'000) << "statements of one use that share a counter with others";
    EXPECT_FALSE(cache.is_worth_keeping("SELECT 1")) << "that was long ago";
}

TEST(StatementCache, IsBoundedByTheLengthOfItsTexts) {
    StatementCache cache(500, 1000);
    const std::string a(400, 'a'), b(400, 'b'), c(400, 'c'), huge(5000, 'd');
    cache.add(a);
    cache.add(b);
    cache.add(c);
    EXPECT_EQ(cache.find(a), nullptr);
    ASSERT_NE(cache.find(b), nullptr);
    cache.retire(c);
    cache.erase(b);
    cache.add(a);
    cache.add(b);
    ASSERT_NE(cache.find(a), nullptr) << "what went counts no more";
    cache.add(huge);
    EXPECT_EQ(cache.find(a), nullptr);
    EXPECT_NE(cache.find(huge), nullptr) << "one that is too long stays alone";
    cache.add(a);
    EXPECT_EQ(cache.find(huge), nullptr);
}

}  // namespace
}  // namespace tamiti::db
