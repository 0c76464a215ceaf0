#include "core/base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <unordered_set>

using namespace tamiti;
using namespace std::string_view_literals;

namespace {

TEST(TextTest, WellFormedUtf8IsRecognisedAtEveryOffset) {
    for (const auto part :
         {"é"sv, "ŋ"sv, "€"sv, "😀"sv, "\x7F"sv, "\xF4\x8F\xBF\xBF"sv, "\xED\x9F\xBF"sv, "\0"sv}) {
        for (std::size_t before = 0; before < 20; ++before) {
            EXPECT_TRUE(is_utf8(std::string(before, 'a').append(part).append("tail")));
        }
    }
}

TEST(TextTest, MalformedUtf8IsRecognisedAtEveryOffset) {
    for (const auto part :
         {"\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x80\x80"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv,
          "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv, "\xC3"sv, "\xE2\x82"sv,
          "\xF0\x9F\x98"sv, "\xC3("sv}) {
        for (std::size_t before = 0; before < 20; ++before) {
            EXPECT_FALSE(is_utf8(std::string(before, 'a').append(part)));
            EXPECT_FALSE(is_utf8(std::string(before, 'a').append(part).append("tail of it")));
        }
    }
}

TEST(TextTest, CharactersAreCountedNotBytes) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("aéŋ€😀"), 5U);
}

TEST(TextTest, ControlCharactersAndOverridesAreFoundAtEveryOffset) {
    for (const auto part : {"\0"sv, "\x01"sv, "\x1B"sv, "\x7F"sv, "\x0B"sv, "\xC2\x80"sv, "\xC2\x9F"sv,
                            "\xE2\x80\xAA"sv, "\xE2\x80\xAE"sv, "\xE2\x81\xA6"sv, "\xE2\x81\xA9"sv}) {
        for (std::size_t before = 0; before < 20; ++before) {
            EXPECT_TRUE(has_control_characters(std::string(before, '~').append(part).append("tail of it")));
        }
    }
    for (const auto part : {"\t\r\n"sv, "é€😀"sv, "\xE2\x80\xA9"sv, "\xE2\x80\xAF"sv, "\xE2\x81\xA5"sv,
                            "\xE2\x81\xAA"sv, " ~"sv, "\xC2\xA0"sv}) {
        for (std::size_t before = 0; before < 20; ++before) {
            EXPECT_FALSE(has_control_characters(std::string(before, ' ').append(part).append("tail of it")));
        }
    }
}

TEST(TextTest, PartsAreSplitAndJoined) {
    EXPECT_TRUE(split("", ',').empty());
    EXPECT_EQ(split("a", ','), (std::vector<std::string_view>{"a"}));
    EXPECT_EQ(split(",a,,b,", ','), (std::vector<std::string_view>{"", "a", "", "b", ""}));
    EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
    EXPECT_EQ(join({}, ", "), "");
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(lower("ÄBC-Z"), "Äbc-z");
    EXPECT_TRUE(starts_with_ignoring_case("Bearer x", "bearer "));
    EXPECT_FALSE(starts_with_ignoring_case("Bear", "bearer"));
}

TEST(TextTest, TheClosestNameIsOfferedOnlyWhereItIsNear) {
    const std::vector<std::string> fields = {"status", "starts_on", "name", "due_date"};
    EXPECT_EQ(closest("stauts", fields), "status");
    EXPECT_EQ(closest("due_dat", fields), "due_date");
    EXPECT_EQ(closest("nam", fields), "name");
    EXPECT_EQ(closest("colour", fields), "");
    EXPECT_EQ(closest("", fields), "");
    EXPECT_EQ(closest("xy", fields), "");
    EXPECT_EQ(closest(std::string(100'000, 'a'), fields), "");
    EXPECT_EQ(closest("status", fields), "status");
}

TEST(TextTest, TheHashOfTheSameBytesIsTheSameOnEveryNode) {
    EXPECT_EQ(fast_hash(""), fast_hash(std::string()));
    std::unordered_set<std::uint64_t> seen;
    const std::string text(300, 'a');
    for (std::size_t length = 0; length <= text.size(); ++length)
        seen.insert(fast_hash({text.data(), length}));
    const std::string zeros(300, '\0');
    for (std::size_t length = 1; length <= zeros.size(); ++length)
        seen.insert(fast_hash({zeros.data(), length}));
    EXPECT_EQ(seen.size(), 601U);
}

TEST(TextTest, EveryBitOfTheInputChangesAboutHalfOfTheHash) {
    for (std::size_t length = 1; length < 70; ++length) {
        std::string text(length, 'x');
        const std::uint64_t before = fast_hash(text);
        for (std::size_t bit = 0; bit < 8 * length; ++bit) {
            text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
            const int changed = __builtin_popcountll(before ^ fast_hash(text));
            ASSERT_GT(changed, 8) << length << ' ' << bit;
            ASSERT_LT(changed, 56) << length << ' ' << bit;
            text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
        }
    }
}

TEST(TextTest, BytesAreWrittenAsTheRfcSays) {
    EXPECT_EQ(hex("\x00\x0f\xa5\xff"sv), "000fa5ff");
    EXPECT_EQ(unhex("000fA5ff"), "\x00\x0f\xa5\xff"sv);
    EXPECT_EQ(unhex(""), "");
    for (const char* bad : {"0", "0g", "zz", "00 0"}) EXPECT_THROW(unhex(bad), std::invalid_argument) << bad;
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foo"), "Zm9v");
    EXPECT_EQ(base64url("foob"), "Zm9vYg");
    EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff\xfe"sv), "-__-");
}

TEST(TextTest, AnEmailAddressHasItsDomainInLowerCase) {
    EXPECT_EQ(normalise_email("  Ada.L+x@Example.CO.UG "), "Ada.L+x@example.co.ug");
    EXPECT_EQ(normalise_email("o'neil@a-b.io"), "o'neil@a-b.io");
}

TEST(TextTest, OtherTextsAreNoEmailAddresses) {
    for (const auto text : {""sv,
                            "a"sv,
                            "a@b"sv,
                            "@b.de"sv,
                            "a@"sv,
                            "a@@b.de"sv,
                            "a@b@c.de"sv,
                            ".a@b.de"sv,
                            "a.@b.de"sv,
                            "a..b@c.de"sv,
                            "a b@c.de"sv,
                            "a@b_c.de"sv,
                            "a@-b.de"sv,
                            "a@b-.de"sv,
                            "a@b..de"sv,
                            "a@b.de."sv,
                            "ä@b.de"sv,
                            "a@bü.de"sv,
                            "\"a\"@b.de"sv,
                            "a@b.de\r\nBcc: x"sv,
                            "a@[127.0.0.1]"sv,
                            "a,b@c.de"sv,
                            "a\0@b.de"sv}) {
        EXPECT_EQ(normalise_email(text), "") << text;
    }
    EXPECT_EQ(normalise_email(std::string(65, 'a') + "@b.de"), "");
    EXPECT_NE(normalise_email(std::string(64, 'a') + "@b.de"), "");
    std::string domain = "b.de";
    while (domain.size() < 250) domain = "abcdefgh." + domain;
    EXPECT_EQ(normalise_email("abcdefg@" + domain), "");
}

TEST(TextTest, ATelephoneNumberIsWrittenAsE164) {
    EXPECT_EQ(normalise_phone("+256 772-123.456"), "+256772123456");
    EXPECT_EQ(normalise_phone("00256772123456"), "+256772123456");
    EXPECT_EQ(normalise_phone("\u202a+256\u00ad772123456\u202c"), "+256772123456");
    EXPECT_EQ(normalise_phone("0772 123456", "256"), "+256772123456");
    EXPECT_EQ(normalise_phone("(0772) 123456", "256"), "+256772123456");
    EXPECT_EQ(normalise_phone("+44 (0)20 7946 0958"), "+442079460958");
}

TEST(TextTest, OtherTextsAreNoTelephoneNumbers) {
    for (const char* text :
         {"", "+", "0772123456", "772123456", "+1234567", "+1234567890123456", "+0772123456",
          "++256772123456", "+256772x23456", "+256 772 123 456 ext 7", "256+772123456", "000256772123456"}) {
        EXPECT_EQ(normalise_phone(text), "") << text;
    }
    EXPECT_EQ(normalise_phone("772123456", "256"), "");
}

TEST(TextTest, AnAddressHasSchemeAndHostInLowerCase) {
    EXPECT_EQ(normalise_url(" HTTPS://Studio.Example:8443/A/b?C=d#E "),
              "https://studio.example:8443/A/b?C=d#E");
    EXPECT_EQ(normalise_url("http://localhost"), "http://localhost");
    EXPECT_EQ(normalise_url("https://e.com/é{x}"), "https://e.com/%C3%A9%7Bx%7D");
    EXPECT_EQ(normalise_url("http://[2001:DB8::1]/"), "http://[2001:db8::1]/");
    EXPECT_EQ(normalise_url("https://a.de/\u202e"), "https://a.de/");
    EXPECT_EQ(normalise_url("http://127.0.0.1:65535/"), "http://127.0.0.1:65535/");
}

TEST(TextTest, OtherTextsAreNoAddresses) {
    for (const char* text : {"",
                             "example.com",
                             "//example.com",
                             "ftp://a.de",
                             "javascript:alert(1)",
                             "data:text/html,x",
                             "http://",
                             "http:///x",
                             "http://a:b@c.de",
                             "http://a@c.de",
                             "http://a b.de",
                             "http://a.de/x y",
                             "http://a.de:0/",
                             "http://a.de:65536/",
                             "http://a.de:99999999999/",
                             "https://é.com",
                             "https://a..de",
                             "https://-a.de",
                             "https://a.de/%zz",
                             "https://a.de\n"
                             "x"}) {
        EXPECT_EQ(normalise_url(text), "") << text;
    }
    EXPECT_EQ(normalise_url("https://a.de/" + std::string(2000, 'a')), "");
}

TEST(TextTest, ATagIsLowerCaseWithSingleBlanks) {
    EXPECT_EQ(normalise_tag("  Film   Noir\t2026 "), "film noir 2026");
    EXPECT_EQ(normalise_tag("ŊŊAANGA Éa"), "ŋŋaanga éa");
    EXPECT_EQ(normalise_tag("E\u0301a\u3000\u200bx"), "éa x");
    EXPECT_EQ(normalise_tag("ΣΟΦΟΣ"), normalise_tag("σοφος"));
    EXPECT_EQ(normalise_tag("\u3164"), "");
    EXPECT_EQ(normalise_tag(""), "");
    EXPECT_EQ(normalise_tag("a,b"), "");
    EXPECT_EQ(normalise_tag("a\x01"), "");
    EXPECT_EQ(normalise_tag("\xC3"), "");
    EXPECT_EQ(normalise_tag(std::string(51, 'a')), "");
    EXPECT_EQ(normalise_tag(std::string(50, 'a')).size(), 50U);
}

TEST(TextTest, ANameIsSaidInWords) {
    EXPECT_EQ(words_of("due_on"), "due on");
    EXPECT_EQ(words_of("/saved-views"), "saved views");
    EXPECT_EQ(label_of("on_hold"), "On hold");
    EXPECT_EQ(label_of("/user-imports"), "User imports");
    EXPECT_EQ(label_of("2026_plan"), "2026 plan");
    EXPECT_EQ(label_of(""), "");
}

TEST(TextTest, ANumberInASentenceIsGroupedByThousands) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1234567), "1,234,567");
}

RC_GTEST_PROP(TextProperty, SplittingAndJoiningGivesTheTextBack, (const std::string& text)) {
    std::vector<std::string> parts;
    for (const auto part : split(text, 'a')) parts.emplace_back(part);
    RC_ASSERT(join(parts, "a") == text);
}

RC_GTEST_PROP(TextProperty, NormalisingTwiceChangesNothing, (const std::string& text)) {
    RC_ASSERT(normalise_tag(normalise_tag(text)) == normalise_tag(text));
    RC_ASSERT(normalise_url(normalise_url("https://a.de/" + text)) == normalise_url("https://a.de/" + text));
    RC_ASSERT(normalise_email(normalise_email(text + "@B.de")) == normalise_email(text + "@B.de"));
}

}  // namespace
