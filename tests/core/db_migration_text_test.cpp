#include <gtest/gtest.h>

#include "core/db/migration_text.hpp"

namespace tamiti::db {
namespace {

using Statements = std::vector<std::string>;

TEST(MigrationText, HasAChecksumThatOthersComputeToo) {
    // FIPS 180-2, appendix B.1.
    EXPECT_EQ(checksum_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(MigrationText, SaysInItsFirstLineThatItRunsWithoutTransaction) {
    EXPECT_TRUE(runs_without_transaction("-- no transaction\nSELECT 1"));
    EXPECT_TRUE(runs_without_transaction("-- no transaction\r\n"));
    EXPECT_FALSE(runs_without_transaction("SELECT 1;\n-- no transaction\n"));
    EXPECT_FALSE(runs_without_transaction("-- no transactions\n"));
    EXPECT_FALSE(runs_without_transaction(""));
}

TEST(MigrationText, IsSplitAtSemicolons) {
    EXPECT_EQ(split_statements("SELECT 1; SELECT 2 ;\n SELECT 3"),
              (Statements{"SELECT 1", "SELECT 2", "SELECT 3"}));
    EXPECT_EQ(split_statements(" ;; -- only; a comment\n/* and; another */;"), Statements{});
    EXPECT_EQ(split_statements(""), Statements{});
}

TEST(MigrationText, IsNotSplitInsideOfQuotesAndComments) {
    const Statements wholes{"SELECT ';'",
                            "SELECT 'it''s; fine'",
                            "SELECT \";\"",
                            "SELECT E'\\';'",
                            "SELECT $$;$$",
                            "SELECT $a$ $$;$$ $b$;$b$ $a$",
                            "SELECT 1 -- ; '\n + 1",
                            "SELECT /* ; /* ; */ ; */ 1",
                            "SELECT a$b, $1",
                            "SELECT '$$;'",
                            "SELECT $$';$$"};
    for (const auto& whole : wholes) {
        EXPECT_EQ(split_statements(whole), Statements{whole});
        EXPECT_EQ(split_statements(whole + ";SELECT 2"), (Statements{whole, "SELECT 2"}));
    }
}

TEST(MigrationText, ThatIsCutOffEndsWhereItEnds) {
    for (const std::string open :
         {"SELECT 'a;b", "SELECT $x$ a;b", "SELECT /* a;b", "SELECT \"a;b", "SELECT $", "SELECT E'\\"}) {
        EXPECT_EQ(split_statements(open), Statements{open});
    }
}

}  // namespace
}  // namespace tamiti::db
