#include "core/base/unicode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/text.hpp"

using namespace tamiti;

namespace {

TEST(UnicodeTest, OneLineIsKeptComposedAndWithoutWhatCantBeSeenAround) {
    EXPECT_EQ(kept_line("  Launch film \t"), "Launch film");
    EXPECT_EQ(kept_line("Zoe\u0308"), "Zoë");
    EXPECT_EQ(kept_line("\u200b\u3000\u00a0Ada\u2003\ufeff\u3164"), "Ada");
    EXPECT_EQ(kept_line("two  blanks"), "two  blanks") << "inside they stay";
    EXPECT_EQ(kept_line("Ada\u2028"), "Ada");
    EXPECT_EQ(kept_line("a\u2028b\u0085c"), "a\nb\nc") << "line ends, for the caller to refuse";
    EXPECT_EQ(kept_line("a\xff"), "a\xff") << "what is no UTF-8 is left to who refuses it";
}

TEST(UnicodeTest, FormatCharactersInsideALineGo) {
    EXPECT_EQ(kept_line("A\u200bd\u00ada\u200d \u202eLove\u2060lace\u200e"), "Ada Lovelace");
    EXPECT_EQ(kept_line("e\u200b\u0301"), "é") << "what stood apart is composed";
    EXPECT_EQ(kept_line("\u0600١"), "\u0600١") << "marks of numbers are drawn";
}

TEST(UnicodeTest, WhatChangesHowALineIsDrawnStays) {
    for (const char* text : {"👩‍👩‍👧 family", "❤️",
                             "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
                             "می‌خواهم", "क्‍ष", "👋🏽"})
        EXPECT_EQ(kept_line(text), text);
    EXPECT_EQ(kept_line("\ufe0fAda"), "Ada") << "a selector of nothing";
}

TEST(UnicodeTest, NothingIsVisibleOfBlanksAndFillers) {
    for (const char* text :
         {"", " ", "\u200b", "\u3000", "\u3164", "\u2800", "\ufe0f", "\u00ad\u2003", "\u2028"}) {
        EXPECT_FALSE(is_visible(text)) << text;
        EXPECT_EQ(kept_line(text), "") << text;
        EXPECT_EQ(kept_lines(text), "") << text;
    }
    for (const char* text : {"x", "。", "👋", "\u0301a"}) EXPECT_TRUE(is_visible(text)) << text;
}

TEST(UnicodeTest, SeveralLinesAreKeptWithOneKindOfLineEnd) {
    EXPECT_EQ(kept_lines("\u2029One.\u2028Two.\u0085Three.\n\n"), "One.\nTwo.\nThree.");
    EXPECT_EQ(kept_lines("a\u200bb"), "a\u200bb") << "inside of longer text they stay";
}

TEST(UnicodeTest, WhatReadsAlikeFoldsAlike) {
    EXPECT_EQ(folded("Zoë  Fox"), folded("ZOE\u0308 fox"));
    EXPECT_EQ(folded("ΣΟΦΟΣ"), folded("σοφος"));
    EXPECT_EQ(folded("Straße"), folded("STRASSE"));
    EXPECT_EQ(folded("STRAẞE"), folded("strasse"));
    EXPECT_EQ(folded(" a\u3000\u00a0b\u200b "), "a b");
    EXPECT_NE(folded("Zoe"), folded("Zoë")) << "accents tell names apart";
}

TEST(UnicodeTest, APasswordIsComposedAndItsBlanksAreOne) {
    EXPECT_EQ(opaque("cafe\u0301\u00a0noir\u3000"), "café noir ");
    EXPECT_EQ(opaque(" As-It-Is "), " As-It-Is ");
    EXPECT_EQ(opaque("ＡＢ"), "ＡＢ") << "widths and cases stay";
}

RC_GTEST_PROP(UnicodeProperty, WhatIsKeptIsKeptAgain, ()) {
    const auto points = *rc::gen::container<std::vector<char32_t>>(rc::gen::elementOf(std::vector<char32_t>{
        'a',   ' ',   0xE9,  'e',   0x301, 0x200B, 0x200D, 0xFE0F, 0x1F469, 0x3164, 0x85,   '\n',
        0x94D, 0x915, 0x3C3, 0x3A3, 0x130, 0xDF,   0x202E, 0x0,    0x1100,  0x1161, 0x2800, 0x631}));
    std::string text;
    for (const char32_t point : points) {
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
        } else if (point < 0x10000) {
            text += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
                     static_cast<char>(0x80 | (point & 0x3F))};
        } else {
            text += {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3F)),
                     static_cast<char>(0x80 | (point >> 6 & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
        }
    }
    for (const auto form : {kept_line, kept_lines, folded, opaque}) RC_ASSERT(form(form(text)) == form(text));
    RC_ASSERT(folded(kept_line(text)) == folded(text));
    RC_ASSERT(is_visible(text) == !kept_lines(text).empty());
}

}  // namespace
