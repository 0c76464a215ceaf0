#include "core/base/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>

using namespace tamiti;

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

TEST(MoneyTest, EachCurrencyHasItsDigits) {
    for (const char* code : {"UGX", "RWF", "JPY", "KRW", "XOF", "BIF"})
        EXPECT_EQ(currency_digits(code), 0) << code;
    for (const char* code : {"USD", "EUR", "KES", "TZS", "GBP", "ZWG", "XCG"})
        EXPECT_EQ(currency_digits(code), 2) << code;
    for (const char* code : {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
        EXPECT_EQ(currency_digits(code), 3) << code;
    for (const char* code : {"CLF", "UYW"}) EXPECT_EQ(currency_digits(code), 4) << code;
    for (const char* code : {"", "US", "usd", "USDX", "XAU", "XXX", "XTS", "D A", "EUR ", "DEM", "HRK"}) {
        EXPECT_FALSE(currency_digits(code).has_value()) << code;
    }
}

TEST(MoneyTest, AmountsAreReadAsMinorUnits) {
    EXPECT_EQ(parse_amount("150000", "UGX"), 150000);
    EXPECT_EQ(parse_amount("12.5", "USD"), 1250);
    EXPECT_EQ(parse_amount("12.50", "USD"), 1250);
    EXPECT_EQ(parse_amount("12", "USD"), 1200);
    EXPECT_EQ(parse_amount("-0.01", "USD"), -1);
    EXPECT_EQ(parse_amount("-0", "USD"), 0);
    EXPECT_EQ(parse_amount("1.234", "BHD"), 1234);
    EXPECT_EQ(parse_amount("92233720368547758.07", "USD"), most);
    EXPECT_EQ(parse_amount("-92233720368547758.08", "USD"), least);
}

TEST(MoneyTest, AnAmountIsNeverRounded) {
    for (const char* text : {"12.345", "12.500", "92233720368547758.08", "-92233720368547758.09", "1e3", "",
                             "-", ".5", "5.", "+1", "1 000", "1,000", "--1", "1.-5", "0x1", "١"}) {
        EXPECT_FALSE(parse_amount(text, "USD").has_value()) << text;
    }
    EXPECT_FALSE(parse_amount("1.0", "UGX").has_value());
    EXPECT_FALSE(parse_amount("1", "XXX").has_value());
}

TEST(MoneyTest, AmountsAreWrittenWithExactlyTheDigitsOfTheCurrency) {
    EXPECT_EQ(format_amount(150000, "UGX"), "150000");
    EXPECT_EQ(format_amount(5, "USD"), "0.05");
    EXPECT_EQ(format_amount(-5, "USD"), "-0.05");
    EXPECT_EQ(format_amount(-1250, "USD"), "-12.50");
    EXPECT_EQ(format_amount(0, "BHD"), "0.000");
    EXPECT_EQ(format_amount(least, "USD"), "-92233720368547758.08");
    EXPECT_THROW(format_amount(1, "XXX"), std::invalid_argument);
}

RC_GTEST_PROP(MoneyProperty, EveryAmountSurvivesWritingAndReading, (std::int64_t minor)) {
    const auto currency = *rc::gen::element<std::string>("UGX", "USD", "BHD", "CLF");
    RC_ASSERT(parse_amount(format_amount(minor, currency), currency) == minor);
}

RC_GTEST_PROP(MoneyProperty, OneDigitMoreThanTheCurrencyHasIsRefused, (std::int64_t minor)) {
    const auto currency = *rc::gen::element<std::string>("USD", "BHD", "CLF");
    RC_ASSERT(!parse_amount(format_amount(minor, currency) + "0", currency).has_value());
}

std::string canonical(std::string_view text) {
    const auto number = Decimal::parse(text);
    return number ? number->text : "nothing";
}

TEST(DecimalTest, NeedlessZerosAndSignsAreDropped) {
    EXPECT_EQ(canonical("-0.50"), "-0.5");
    EXPECT_EQ(canonical("007.00"), "7");
    EXPECT_EQ(canonical("-0.000"), "0");
    EXPECT_EQ(canonical("0"), "0");
    EXPECT_EQ(canonical("100"), "100");
    EXPECT_EQ(canonical("0.05"), "0.05");
}

TEST(DecimalTest, OtherNotationsAreNoDecimals) {
    for (const char* text : {"", "-", "+", ".5", "5.", "1e3", "NaN", "1,5", " 1", "1 ", "+1", "+007.00",
                             "+-1", "-+1", "--1", "1.2.3"}) {
        EXPECT_EQ(canonical(text), "nothing") << text;
    }
}

TEST(DecimalTest, ThirtyEightDigitsAreKeptAndNoMore) {
    const std::string digits(38, '9');
    EXPECT_EQ(canonical(digits), digits);
    EXPECT_EQ(canonical("000" + digits + ".000"), digits);
    EXPECT_EQ(canonical(digits + "9"), "nothing");
    EXPECT_EQ(canonical(digits + ".1"), "nothing");
    EXPECT_EQ(canonical("0." + digits), "0." + digits);
}

TEST(DecimalTest, DigitsAreCountedOnBothSidesOfThePoint) {
    const auto count = [](std::string_view text) {
        const auto digits = digits_of(*Decimal::parse(text));
        return std::pair{digits.whole, digits.fraction};
    };
    EXPECT_EQ(count("0"), (std::pair{0, 0}));
    EXPECT_EQ(count("-12.345"), (std::pair{2, 3}));
    EXPECT_EQ(count("0.05"), (std::pair{0, 2}));
}

RC_GTEST_PROP(DecimalProperty, TheOrderIsThatOfTheNumbers, (std::int32_t a, std::int32_t b)) {
    // Both as thousandths, so that integers say what the order must be.
    const auto thousandths = [](std::int32_t number) {
        return *Decimal::parse(format_amount(number, "BHD"));
    };
    const int order = compare(thousandths(a), thousandths(b));
    RC_ASSERT((order < 0) == (a < b));
    RC_ASSERT((order > 0) == (a > b));
}

}  // namespace
