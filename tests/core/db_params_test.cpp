#include <gtest/gtest.h>

#include "core/db/error.hpp"
#include "core/db/params.hpp"

namespace tamiti::db {
namespace {

std::vector<std::string> values_of(const Params& params) {
    std::vector<std::string> values;
    for (const char* value : params.pointers()) values.emplace_back(value == nullptr ? "NULL" : value);
    return values;
}

TEST(Params, WriteEveryTypeAsPostgresReadsIt) {
    const auto day = Date{std::chrono::year{2026} / 2 / 3};
    const auto params = Params::of("text", std::string("more"), 42, true, std::optional<int>{}, day,
                                   Timestamp{day.time_since_epoch()}, Duration{90}, Uuid{});
    EXPECT_EQ(values_of(params), (std::vector<std::string>{"text", "more", "42", "true", "NULL", "2026-02-03",
                                                           "2026-02-03T00:00:00Z", "90",
                                                           "00000000-0000-0000-0000-000000000000"}));
}

TEST(Params, AreNumberedFromOne) {
    Params params;
    EXPECT_EQ(params.add("a"), 1);
    EXPECT_EQ(params.add_null(), 2);
    EXPECT_EQ(params.size(), 2);
}

TEST(Params, StayRightWhenCopiedMovedAndExtended) {
    auto params = Params::of("short", 1);
    params.pointers();
    const auto copy = params;
    const auto moved = std::move(params);
    EXPECT_EQ(values_of(copy), (std::vector<std::string>{"short", "1"}));
    EXPECT_EQ(values_of(moved), (std::vector<std::string>{"short", "1"}));

    auto extended = copy;
    EXPECT_EQ(extended.append(Params::of("third", std::optional<int>{}, std::string(500, 'x'))), 2);
    EXPECT_EQ(values_of(extended),
              (std::vector<std::string>{"short", "1", "third", "NULL", std::string(500, 'x')}));
}

TEST(Params, RefuseAZeroByteInsteadOfCuttingTheTextOff) {
    Params params;
    try {
        params.add(std::string_view("ab\0cd", 5));
        FAIL() << "was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.sqlstate, "22021");
        ASSERT_NE(problem_of(error), nullptr);
        EXPECT_EQ(problem_of(error)->status(), 422);
    }
    EXPECT_EQ(params.size(), 0);
}

TEST(Arrays, ComeBackAsTheyWereWritten) {
    for (const std::vector<std::string>& parts :
         {std::vector<std::string>{}, {""}, {"a", "b"}, {"a,b", "{c}", "d\"e", "f\\g", " ", "NULL", "é"}}) {
        EXPECT_EQ(parse_array(array_text(parts)), parts);
    }
}

TEST(Arrays, DropMissingElementsAndReadUnquotedOnes) {
    EXPECT_EQ(parse_array("{a,NULL,\"NULL\",b c}"), (std::vector<std::string>{"a", "NULL", "b c"}));
    EXPECT_TRUE(parse_array("{}").empty());
    EXPECT_TRUE(parse_array("").empty());
}

}  // namespace
}  // namespace tamiti::db
