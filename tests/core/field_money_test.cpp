#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

constexpr const char* form = R"(Must be an object such as {"amount": "150000", "currency": "UGX"}.)";

TEST(FieldMoney, TakesAmountsWithAtMostTheCurrencysDigits) {
    expect_accepted(
        field_of(money_type()),
        {
            {R"({"amount": "150000", "currency": "UGX"})", "150000 UGX",
             R"({"amount":"150000","currency":"UGX"})"},
            {R"({"currency": "USD", "amount": "12.5"})", "1250 USD",
             R"({"amount":"12.50","currency":"USD"})"},
            {R"({"amount": "12", "currency": "USD"})", "1200 USD", R"({"amount":"12.00","currency":"USD"})"},
            {R"({"amount": "-0.05", "currency": "USD"})", "-5 USD", R"({"amount":"-0.05","currency":"USD"})"},
            {R"({"amount": "0", "currency": "USD"})", "0 USD", R"({"amount":"0.00","currency":"USD"})"},
            {R"({"amount": "1.234", "currency": "BHD"})", "1234 BHD",
             R"({"amount":"1.234","currency":"BHD"})"},
        });
}

TEST(FieldMoney, RefusesRatherThanRounds) {
    expect_refused(field_of(money_type()),
                   {
                       {R"({"amount": "12.505", "currency": "USD"})",
                        "Must have at most 2 digits after the point, as USD has, not 3.", "value.amount"},
                       {R"({"amount": "1.5", "currency": "UGX"})",
                        "Must be a whole number: UGX has no smaller unit.", "value.amount"},
                       {R"({"amount": "92233720368547758.08", "currency": "USD"})",
                        "Must fit in 64 bits when counted in the smallest unit.", "value.amount"},
                       {R"({"amount": "1e3", "currency": "USD"})",
                        R"(Must be a decimal number in a string such as "150000".)", "value.amount"},
                       {R"({"amount": "", "currency": "USD"})",
                        R"(Must be a decimal number in a string such as "150000".)", "value.amount"},
                   });
}

TEST(FieldMoney, ShowsTheFormThatWouldBeRight) {
    expect_refused(
        field_of(money_type()),
        {
            {R"({"amount": 150000, "currency": "UGX"})",
             R"(Must be a string, so that no digit is lost: "150000".)", "value.amount"},
            {R"({"amount": 150000.5, "currency": "USD"})",
             R"(Must be a string, so that no digit is lost: "150000.5".)", "value.amount"},
            {R"({"amount": true, "currency": "UGX"})", "Must be a string, not true.", "value.amount"},
            {R"({"amount": "1", "currency": "ugx"})", "Must be an ISO 4217 currency such as UGX or USD.",
             "value.currency"},
            {R"({"amount": "1", "currency": 800})", "Must be a string, not a number.", "value.currency"},
            {R"({"amount": "1", "currency": "UGX", "tax": "0"})",
             "Is not a member of an amount of money: those are amount and currency.", "value.tax"},
            {R"({"amount": "1"})", form},
            {"150000", form},
            {R"("150000 UGX")", form},
            {"[]", form},
        });
}

TEST(FieldMoney, KeepsLimitsInTheSmallestUnit) {
    const Field field = field_of(money_type(), {.minimum = "0", .maximum = "1000"});
    expect_refused(field, {
                              {R"({"amount": "-0.01", "currency": "USD"})",
                               "Must be between 0.00 and 10.00, not -0.01.", "value.amount"},
                              {R"({"amount": "1001", "currency": "UGX"})",
                               "Must be between 0 and 1000, not 1001.", "value.amount"},
                          });
    EXPECT_NE(schema_of(field).find(R"("^[0-9]{1,15}(\\.[0-9]{1,3})?$")"), std::string::npos);
    EXPECT_NE(schema_of(field_of(money_type())).find(R"("^-?[0-9]{1,15}(\\.[0-9]{1,3})?$")"),
              std::string::npos);
}

TEST(FieldMoney, ReadsAmountAndCurrencyInFilters) {
    const Field field = field_of(money_type());
    EXPECT_EQ(from_text(field, "150000 UGX"), "150000 UGX");
    EXPECT_EQ(from_text(field, "12.5 USD"), "1250 USD");
    EXPECT_EQ(from_text(field, "150000"), "!Must be an amount and its currency, such as 150000 UGX.");
    EXPECT_EQ(from_text(field, "1.5 UGX"), "!Must be a whole number: UGX has no smaller unit.");
}

TEST(FieldMoney, IsWrittenToTwoColumns) {
    const Field field = field_of(money_type());
    db::Params params;
    field.type->bind("-1250 USD", params);
    field.type->bind(std::nullopt, params);
    ASSERT_EQ(params.size(), 4);
    EXPECT_STREQ(params.pointers()[0], "-1250");
    EXPECT_STREQ(params.pointers()[1], "USD");
    EXPECT_EQ(params.pointers()[2], nullptr);
    EXPECT_EQ(params.pointers()[3], nullptr);
    EXPECT_EQ(field.type->columns(field).at(1).name, "value_currency");
}

TEST(FieldMoney, ComparesWithinOneCurrency) {
    const Field field = field_of(money_type());
    db::Params params;
    EXPECT_EQ(field.type->compares(field, "t", "<=", params, "1250 USD"),
              "(t.value_currency = $2::text AND t.value <= $1::bigint)");
    EXPECT_STREQ(params.pointers()[0], "1250");
}

TEST(FieldMoney, IsEmptyWithoutACurrency) {
    EXPECT_TRUE(money_type().is_empty("0 "));
    EXPECT_FALSE(money_type().is_empty("0 UGX"));
}

}  // namespace
}  // namespace tamiti
