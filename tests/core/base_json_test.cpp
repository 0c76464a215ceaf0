#include "core/base/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"

using namespace tamiti;

namespace {

/// The end of the sentence that a text is refused with, after the introduction; "accepted: …" where it isn't.
std::string refusal(std::string_view text) {
    try {
        return "accepted: " + json::text_of(json::parse(text));
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.status(), 400);
        EXPECT_EQ(problem.code(), "http.malformed_json");
        const std::string introduction = "The JSON can't be read: ";
        EXPECT_TRUE(problem.detail().starts_with(introduction)) << problem.detail();
        EXPECT_TRUE(is_utf8(problem.detail()));
        return problem.detail().substr(introduction.size());
    }
}

std::string round_trip(std::string_view text) {
    return json::text_of(json::parse(text));
}

TEST(JsonTest, EveryKindOfValueIsReadAndWrittenBack) {
    const std::string text =
        R"({"name":"Film","done":false,"more":true,"none":null,"list":[1,-2,3.5,[],{}],"inner":{"b":1,"a":2}})";
    EXPECT_EQ(round_trip(text), text);
    EXPECT_EQ(round_trip(" [ 1 , 2 ] \r\n\t"), "[1,2]");
    EXPECT_EQ(round_trip("\"x\""), "\"x\"");
    EXPECT_EQ(round_trip("[9223372036854775807,-9223372036854775808,18446744073709551615]"),
              "[9223372036854775807,-9223372036854775808,18446744073709551615]");
}

TEST(JsonTest, EscapesAreDecoded) {
    EXPECT_EQ(json::parse(R"("a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")").as_string(),
              "a\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(JsonTest, AKeyThatAppearsTwiceIsRefusedWhereItStands) {
    EXPECT_EQ(refusal("{\"a\": 1,\n \"b\": {\"a\": 2},\n \"a\": 3}"),
              "the key \"a\" appears twice in one object (line 3, column 4).");
    EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"),
              "the key \"a\" appears twice in one object (line 1, column 15).");
    EXPECT_EQ(refusal(R"({"":1,"":2})"), "the key \"\" appears twice in one object (line 1, column 8).");
}

TEST(JsonTest, NumbersThatWouldLoseDigitsAreRefused) {
    const std::string digits = "a number has more than 17 significant digits; send it as a string";
    EXPECT_TRUE(refusal("[0.123456789012345678]").starts_with(digits));
    EXPECT_TRUE(refusal("[123456789012345678.0]").starts_with(digits));
    EXPECT_TRUE(refusal("18446744073709551616").starts_with("a whole number doesn't fit in 64 bits"));
    EXPECT_TRUE(refusal("-9223372036854775809").starts_with("a whole number doesn't fit in 64 bits"));
    for (const char* number : {"1e400", "-1e400", "1e-400", "1e99999999999", "1e-99999999999"}) {
        EXPECT_TRUE(refusal(number).starts_with("a number is too large or too small"))
            << number << ' ' << refusal(number);
    }
    EXPECT_EQ(round_trip("[1.50000000000000000000000,0.1234567890123456,5e-324,1.7976931348623157e308]"),
              "[1.5,0.1234567890123456,5e-324,1.7976931348623157e+308]");
}

TEST(JsonTest, ANumberReadsAsTheNearestDouble) {
    // The last two are hard cases for conversions that work in doubles.
    for (const double number : {0.1, 1.0 / 3, 9007199254740993.0, 2.2250738585072011e-308,
                                6.9294956446009195e15, 1180591620717411303424.0, 1e15, 1e300}) {
        json::value value = number;
        EXPECT_EQ(json::parse(json::text_of(value)).as_double(), number);
    }
}

TEST(JsonTest, WhatIsntNumbersIsRefused) {
    for (const char* text :
         {"NaN", "Infinity", "-Infinity", "+1", ".5", "1.", "01", "-", "0x10", "1e", "--1", "1_000"}) {
        EXPECT_FALSE(refusal(text).starts_with("accepted")) << text;
    }
}

TEST(JsonTest, TextThatIsntCleanUnicodeIsRefused) {
    using namespace std::string_view_literals;
    EXPECT_EQ(refusal("\"\xC0\x80\""), "it isn't valid UTF-8.");
    EXPECT_EQ(refusal("\"\xED\xA0\x80\""), "it isn't valid UTF-8.");
    EXPECT_EQ(refusal("\xEF\xBB\xBF{}"), "it starts with a byte order mark (line 1, column 1).");
    EXPECT_TRUE(refusal(R"("\u0000")").starts_with("a string contains NUL"));
    EXPECT_TRUE(refusal(R"({"\u0000":1})").starts_with("a key contains NUL"));
    EXPECT_FALSE(refusal("\"\0\""sv).starts_with("accepted"));
    for (const char* text :
         {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800")", R"("\ud800x")"}) {
        EXPECT_FALSE(refusal(text).starts_with("accepted")) << text;
    }
}

TEST(JsonTest, ThirtyTwoLevelsAreReadAndNoMore) {
    EXPECT_EQ(round_trip(std::string(32, '[') + std::string(32, ']')).size(), 64U);
    EXPECT_EQ(refusal(std::string(33, '[') + std::string(33, ']')),
              "it is nested more than 32 levels deep (line 1, column 33).");
    EXPECT_TRUE(refusal(std::string(1'000'000, '[')).starts_with("it is nested more than 32 levels deep"));
    std::string objects;
    for (int i = 0; i < 33; ++i) objects += "{\"a\":";
    EXPECT_TRUE(refusal(objects).starts_with("it is nested more than 32 levels deep"));
}

TEST(JsonTest, AnObjectHasAtMostTenThousandMembers) {
    std::string text = "{";
    for (int i = 0; i < 10'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
    EXPECT_TRUE(refusal(text + "\"x\":0}").starts_with("an object has more than 10,000 members"));
    text.back() = '}';
    EXPECT_EQ(json::parse(text).as_object().size(), 10'000U);
}

TEST(JsonTest, OtherNotationsAreRefusedWithTheirPlace) {
    EXPECT_EQ(refusal(""), "it ends before the value is complete (line 1, column 1).");
    EXPECT_EQ(refusal("{\"a\": [1, 2"), "it ends before the value is complete (line 1, column 12).");
    EXPECT_EQ(refusal("{} {}"), "something follows the value (line 1, column 4).");
    EXPECT_EQ(refusal("{\"é\": 'x'}"), "the character ' is not expected here (line 1, column 7).");
    EXPECT_EQ(refusal("[1,\n2,]"), "the character ] is not expected here (line 2, column 3).");
    EXPECT_EQ(refusal("\"a\nb\""), "a control character must be escaped in a string (line 1, column 3).");
    for (const char* text : {"// x\n1", "/* x */ 1", "{a:1}", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "tru",
                             "True", "[", "]", "\"\\x\"", "\"\\u12g4\"", "\xC2\xA0[]"}) {
        EXPECT_FALSE(refusal(text).starts_with("accepted")) << text;
    }
}

TEST(JsonTest, StringsAreEscapedSoThatTheyStayStrings) {
    std::string out;
    json::append_string(out, std::string_view("\"\\\b\f\n\r\t\0\x1b\x7f/é", 13));
    EXPECT_EQ(out, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001b\x7f/é\"");
}

TEST(JsonTest, NumbersThatJsonLacksAreWrittenAsNull) {
    EXPECT_EQ(json::text_of(json::array{std::numeric_limits<double>::infinity(), std::nan("")}),
              "[null,null]");
    EXPECT_EQ(json::text_of(json::array{1.0, -0.5, 1e22}), "[1.0,-0.5,1e+22]");
}

TEST(JsonTest, TheWriterSetsCommasByItself) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    writer.begin_object();
    writer.key("a");
    writer.integer(-1);
    writer.key("b");
    writer.begin_array();
    writer.end_array();
    writer.key("c");
    writer.begin_object();
    writer.end_object();
    writer.end_object();
    writer.null();
    writer.boolean(true);
    writer.string("x\"");
    writer.raw("{}");
    writer.end_array();
    EXPECT_EQ(out, R"([{"a":-1,"b":[],"c":{}},null,true,"x\"",{}])");
}

RC_GTEST_PROP(JsonProperty, AnyTextSurvivesWritingAndReading, (const std::vector<unsigned short>& points)) {
    std::string text;
    for (const unsigned point : points) {
        if (point == 0 || (point >= 0xD800 && point < 0xE000)) continue;
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
        } else {
            text += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
                     static_cast<char>(0x80 | (point & 63))};
        }
    }
    std::string out;
    json::append_string(out, text);
    const auto value = json::parse(out);
    RC_ASSERT(std::string_view(value.get_string()) == text);
    RC_ASSERT(boost::json::parse(out) == value);
}

RC_GTEST_PROP(JsonProperty, EveryDoubleSurvivesWritingAndReading, (std::uint64_t bits)) {
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    RC_PRE(std::isfinite(number));
    RC_ASSERT(json::parse(json::text_of(json::value(number))).as_double() == number);
}

}  // namespace
