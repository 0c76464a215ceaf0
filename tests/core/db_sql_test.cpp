#include "core/db/sql.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tamiti::db {
namespace {

TEST(Sql, BindsEachValueInItsPlace) {
    const Sql sql{"SELECT FROM task WHERE owner = {} AND place > {}", "ada", 3};
    EXPECT_EQ(sql.text(), "SELECT FROM task WHERE owner = $1 AND place > $2");
    EXPECT_EQ(sql.params(), Params::of("ada", 3));
}

TEST(Sql, NeverMakesTextOfAValue) {
    const std::string hostile = "x'; DROP TABLE task; -- {} $1";
    const Sql sql{"SELECT {} WHERE {} = ''", 1, hostile};
    EXPECT_EQ(sql.text(), "SELECT $1 WHERE $2 = ''");
    EXPECT_EQ(sql.params(), Params::of(1, hostile));
}

TEST(Sql, TakesAnotherWithItsValuesInOrder) {
    const Sql inner{"place BETWEEN {} AND {}", 1, 2};
    const Sql sql{"SELECT {} WHERE {} OR {} AND name = {}", 0, inner, inner, "n"};
    EXPECT_EQ(sql.text(), "SELECT $1 WHERE place BETWEEN $2 AND $3 OR place BETWEEN $4 AND $5 AND name = $6");
    EXPECT_EQ(sql.params(), Params::of(0, 1, 2, 1, 2, "n"));
}

TEST(Sql, LeavesQuotedAndOtherTextAlone) {
    const Sql sql{"SELECT '$1', '{ }', \"odd {\", {} FROM t WHERE a = '$9'", 5};
    EXPECT_EQ(sql.text(), "SELECT '$1', '{ }', \"odd {\", $1 FROM t WHERE a = '$9'");
}

TEST(Sql, CountsOnPastNine) {
    const Sql five{"{}, {}, {}, {}, {}", 1, 2, 3, 4, 5};
    EXPECT_EQ(Sql("({}, {}, {})", five, five, 11).text(), "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
}

TEST(Sql, KeepsNothingForNull) {
    const Sql sql{"SELECT {}, {}", std::optional<int>(), std::optional<int>(7)};
    Params expected;
    expected.add_null();
    expected.add(7);
    EXPECT_EQ(sql.params(), expected);
}

TEST(Sql, IsNumberedAfterTheValuesOfAnotherStatement) {
    Params params = Params::of("first", "second");
    EXPECT_EQ(Sql("a = {} AND b = {}", "x", "y").render(params), "a = $3 AND b = $4");
    EXPECT_EQ(Sql("c = {}", "z").render(params), "c = $5");
    EXPECT_EQ(params, Params::of("first", "second", "x", "y", "z"));
}

TEST(Sql, GrowsByOthersAndByItself) {
    Sql sql{"a = {}", 1};
    sql.append({" OR b = {}", 2});
    EXPECT_EQ(sql.text(), "a = $1 OR b = $2");
    sql.append(sql);
    EXPECT_EQ(sql.text(), "a = $1 OR b = $2a = $3 OR b = $4");
    EXPECT_EQ(sql.params(), Params::of(1, 2, 1, 2));
}

TEST(Sql, JoinsPiecesWithATextBetween) {
    EXPECT_EQ(join({{"a = {}", 1}, {"b"}, {"c = {}", 2}}, " OR ").text(), "a = $1 OR b OR c = $2");
    EXPECT_TRUE(join({}, " OR ").empty());
}

TEST(Sql, NamesOfTablesAndColumnsArePlainIdentifiers) {
    EXPECT_EQ(name("tasks_task").text(), "tasks_task");
    for (const char* wrong : {"", "a b", "a;b", "Task", "\"a\"", "1a", "a.b", "a'", "ä"})
        EXPECT_THROW(name(wrong), std::logic_error) << wrong;
}

TEST(Sql, QuotesAConstant) {
    EXPECT_EQ(literal("tasks.task").text(), "'tasks.task'");
    EXPECT_EQ(literal("it's {}").text(), "'it''s {}'");
}

}  // namespace
}  // namespace tamiti::db
