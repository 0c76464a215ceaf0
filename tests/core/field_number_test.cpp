#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

TEST(FieldInteger, TakesJsonIntegersOf64Bits) {
    expect_accepted(field_of(integer_type()),
                    {
                        {"0", "0", "0"},
                        {"-7", "-7", "-7"},
                        {"1.0", "1", "1"},
                        {"1e3", "1000", "1000"},
                        {"-2.50e1", "-25", "-25"},
                        {"9223372036854775807", "9223372036854775807", "9223372036854775807"},
                        {"-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
                    });
}

TEST(FieldInteger, RefusesEverythingElse) {
    expect_refused(
        field_of(integer_type()),
        {
            {"1.5", "Must be a whole number, not 1.5."},
            {"150000.5", "Must be a whole number, not 150000.5."},
            {"1e300", "Must be written with all its digits, without point or exponent."},
            {R"("5")", "Must be a whole number, not a string."},
            {"true", "Must be a whole number, not true."},
            {"9223372036854775808", "Must be at most 9223372036854775807, not 9223372036854775808."},
        });
}

TEST(FieldInteger, KeepsTheLimitsOfItsRules) {
    expect_refused(field_of(integer_type(), {.minimum = "1", .maximum = "5"}),
                   {
                       {"0", "Must be between 1 and 5, not 0."},
                       {"6", "Must be between 1 and 5, not 6."},
                       {"18446744073709551615", "Must be between 1 and 5, not 18446744073709551615."},
                   });
    expect_refused(field_of(integer_type(), {.minimum = "1"}), {{"0", "Must be at least 1, not 0."}});
    expect_refused(field_of(integer_type(), {.maximum = "5"}), {{"6", "Must be at most 5, not 6."}});
    EXPECT_EQ(schema_of(field_of(integer_type(), {.minimum = "1", .maximum = "5"})),
              R"({"type":"integer","format":"int64","minimum":1,"maximum":5})");
}

TEST(FieldInteger, OfAMemberOf32BitsHasItsLimits) {
    Field field = field_of(Member<int>::type());
    Member<int>::complete(field);
    expect_accepted(field, {{"2147483647", "2147483647", "2147483647"}});
    expect_refused(field, {{"2147483648", "Must be between -2147483648 and 2147483647, not 2147483648."}});
}

TEST(FieldInteger, ReadsDigitsInFilters) {
    EXPECT_EQ(from_text(field_of(integer_type()), "-12"), "-12");
    for (const char* text : {"", "+1", "1.0", "0x1", " 1", "9223372036854775808"})
        EXPECT_EQ(from_text(field_of(integer_type()), text), "!Must be a whole number such as 5.") << text;
}

TEST(FieldDuration, TakesWholeSeconds) {
    const Field field = field_of(duration_type());
    expect_accepted(field, {{"0", "0", "0"}, {"5400", "5400", "5400"}});
    expect_refused(field, {
                              {"-1", "Must be at least 0, not -1."},
                              {"1.5", "Must be a whole number, not 1.5."},
                              {R"("PT1H")", "Must be a whole number of seconds, not a string."},
                          });
    expect_refused(field_of(duration_type(), {.maximum = "86400"}),
                   {{"86401", "Must be between 0 and 86400, not 86401."}});
    EXPECT_EQ(from_text(field, "60"), "60");
    EXPECT_EQ(from_text(field, "-60"), "!Must be at least 0, not -60.");
    EXPECT_EQ(schema_of(field),
              R"({"type":"integer","format":"int64","minimum":0,"description":"Seconds."})");
}

TEST(FieldDecimal, TakesExactNumbersInStringsAndInJson) {
    expect_accepted(
        field_of(decimal_type()),
        {
            {R"("12.50")", "12.5", R"("12.50")"},
            {R"("-0.50")", "-0.5", R"("-0.50")"},
            {R"("7")", "7", R"("7.00")"},
            {"7", "7", R"("7.00")"},
            {"-7", "-7", R"("-7.00")"},
            {"0.1", "0.1", R"("0.10")"},
            {"1e3", "1000", R"("1000.00")"},
            {"18446744073709551615", "18446744073709551615", R"("18446744073709551615.00")"},
            {R"("123456789012345678901234567890123456.78")", "123456789012345678901234567890123456.78",
             R"("123456789012345678901234567890123456.78")"},
        });
    expect_accepted(field_of(decimal_type(), {.digits = 0}), {{R"("12")", "12", R"("12")"}});
}

TEST(FieldDecimal, RefusesWhatWouldLoseDigits) {
    expect_refused(
        field_of(decimal_type()),
        {
            {R"("12.505")", "Must have at most 2 digits after the point, not 3."},
            {"0.001", "Must have at most 2 digits after the point, not 3."},
            {"12345678901234.56", "Must be sent as a string: a JSON number doesn't keep so many digits."},
            {R"("1234567890123456789012345678901234567")",
             "Must have at most 36 digits before the point, not 37."},
            {R"("1e3")", R"(Must be a decimal number in a string such as "12.5".)"},
            {R"("")", R"(Must be a decimal number in a string such as "12.5".)"},
            {R"("NaN")", R"(Must be a decimal number in a string such as "12.5".)"},
            {"true", R"(Must be a decimal number in a string such as "12.5".)"},
        });
}

TEST(FieldDecimal, KeepsTheLimitsOfItsRules) {
    const Field field = field_of(decimal_type(), {.minimum = "0", .maximum = "24", .digits = 1});
    expect_refused(field, {
                              {R"("24.1")", "Must be between 0 and 24, not 24.1."},
                              {"-0.5", "Must be between 0 and 24, not -0.5."},
                          });
    EXPECT_EQ(schema_of(field),
              R"({"type":"string","format":"decimal","pattern":"^[0-9]{1,2}(\\.[0-9]{1,1})?$"})");
    EXPECT_EQ(from_text(field, "7.5"), "7.5");
    EXPECT_EQ(from_text(field, "seven"), R"(!Must be a decimal number in a string such as "12.5".)");
}

TEST(FieldDecimal, PrintsWhatTheDatabaseComputedWithAllItsDigits) {
    EXPECT_EQ(printed(field_of(decimal_type()), "1.3330"), R"("1.333")");
    EXPECT_EQ(printed(field_of(decimal_type()), "1.5000"), R"("1.50")");
    EXPECT_EQ(printed(field_of(decimal_type(), {.digits = 0}), "1.000"), R"("1")");
}

TEST(FieldBoolean, TakesTrueAndFalseOnly) {
    const Field field = field_of(boolean_type());
    expect_accepted(field, {{"true", "true", "true"}, {"false", "false", "false"}});
    expect_refused(field, {
                              {"1", "Must be true or false, not a number."},
                              {R"("true")", "Must be true or false, not a string."},
                          });
    EXPECT_EQ(printed(field, "t"), "true");
    EXPECT_EQ(printed(field, "f"), "false");
    EXPECT_EQ(from_text(field, "true"), "true");
    EXPECT_EQ(from_text(field, "yes"), "!Must be true or false.");
}

TEST(StoredText, ReadsAsMembersOrThrows) {
    EXPECT_EQ(stored_integer("-5"), -5);
    EXPECT_THROW(stored_integer("5.0"), std::out_of_range);
    EXPECT_EQ(format(stored_timestamp("2026-02-03 10:00:00.5+00")), "2026-02-03T10:00:00.5Z");
    EXPECT_EQ(format(stored_timestamp("2026-02-03T10:00:00Z")), "2026-02-03T10:00:00Z");
    EXPECT_THROW(stored_timestamp("infinity"), std::out_of_range);
    EXPECT_EQ(stored_money("-1250 USD"), (Money{-1250, "USD"}));
    EXPECT_THROW(stored_money("1250"), std::out_of_range);
    EXPECT_EQ(stored_uuid("0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b").text(),
              "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    EXPECT_THROW(stored_uuid("0195a1b2"), std::out_of_range);
}

}  // namespace
}  // namespace tamiti
