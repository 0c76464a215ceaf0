#include "core/site/ramp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tamiti {
namespace {

Colour colour(std::string_view text) {
    return Colour::parse(text).value();
}

/// 4,096 colours evenly over all of them, and a thousand anywhere; the same ones every time.
std::vector<Colour> many_colours() {
    std::vector<Colour> all;
    for (int red = 0; red < 256; red += 17)
        for (int green = 0; green < 256; green += 17)
            for (int blue = 0; blue < 256; blue += 17) all.push_back({red, green, blue});
    std::mt19937 random(11);
    std::uniform_int_distribution<int> part(0, 255);
    for (int i = 0; i < 1000; ++i) all.push_back({part(random), part(random), part(random)});
    return all;
}

TEST(Colours, AreReadAndWrittenAsPagesDo) {
    EXPECT_EQ(colour("#1f6F5c"), (Colour{31, 111, 92}));
    EXPECT_EQ(colour("#1F6f5C").text(), "#1f6f5c");
    for (const char* wrong : {"", "1f6f5c", "#1f6f5", "#1f6f5c0", "#1f6f5g", "green", "#-1f6f5"})
        EXPECT_FALSE(Colour::parse(wrong)) << wrong;
}

TEST(Colours, HaveTheContrastThatWcagGivesThem) {
    EXPECT_NEAR(contrast(colour("#000000"), colour("#ffffff")), 21, 0.001);
    EXPECT_NEAR(contrast(colour("#ffffff"), colour("#777777")), 4.478, 0.001);
    EXPECT_NEAR(contrast(colour("#777777"), colour("#ffffff")), 4.478, 0.001);
    EXPECT_NEAR(contrast(colour("#ff0000"), colour("#ff0000")), 1, 0.001);
}

TEST(Colours, ComeBackFromOklchAsTheyWere) {
    for (const Colour& one : many_colours()) ASSERT_EQ(colour_of(oklch_of(one)), one) << one.text();
    const Oklch red = oklch_of(colour("#ff0000"));
    EXPECT_NEAR(red.lightness, 0.628, 0.001);
    EXPECT_NEAR(red.chroma, 0.2577, 0.001);
}

TEST(Colours, LoseChromaRatherThanHueWhereScreensShowNoMore) {
    const Oklch wanted{.lightness = 0.9, .chroma = 0.3, .hue = oklch_of(colour("#1f6f5c")).hue};
    const Oklch shown = oklch_of(colour_of(wanted));
    EXPECT_LT(shown.chroma, 0.3);
    EXPECT_NEAR(shown.lightness, 0.9, 0.01);
    EXPECT_NEAR(shown.hue, wanted.hue, 0.05);
}

TEST(Ramps, CanBeReadWhateverTheColourIs) {
    for (const Colour& one : many_colours())
        for (const Theme theme : {Theme::light, Theme::dark}) {
            const Ramp ramp = ramp_of(one, theme);
            const auto require = [&](const Colour& ink, const Colour& behind) {
                ASSERT_GE(contrast(ink, behind), 4.5)
                    << one.text() << ": " << ink.text() << " on " << behind.text();
            };
            for (const Colour& surface : surfaces(theme)) {
                require(ramp.brand, surface);
                require(ramp.text, surface);
            }
            require(ramp.text, ramp.soft);
            require(ramp.on, ramp.brand);
            require(ramp.on, ramp.strong);
        }
}

TEST(Ramps, LeaveABrandAsItIsWhereItCanBeRead) {
    EXPECT_EQ(ramp_of(colour("#1f6f5c"), Theme::light).brand, colour("#1f6f5c"));
    EXPECT_NE(ramp_of(colour("#f5c400"), Theme::light).brand, colour("#f5c400"));
}

TEST(Ramps, KeepTheHue) {
    for (const char* text : {"#d02020", "#e07a10", "#2a9d3a", "#1f6f5c", "#1c5fd0", "#7a3fc0"})
        for (const Theme theme : {Theme::light, Theme::dark}) {
            const double wanted = oklch_of(colour(text)).hue;
            const double found = oklch_of(ramp_of(colour(text), theme).brand).hue;
            EXPECT_LT(std::abs(std::remainder(found - wanted, 2 * M_PI)), 0.1) << text;
        }
}

TEST(Ramps, AreWrittenForBothThemesAndForTheDevicesOwn) {
    const std::string css = ramp_css(colour("#1f6f5c"));
    EXPECT_EQ(css.find(":root{--brand:#1f6f5c;--brand-strong:#"), 0U) << css;
    const std::string dark = "--brand:" + ramp_of(colour("#1f6f5c"), Theme::dark).brand.text() + ";";
    EXPECT_NE(css.find(":root[data-theme='dark']{" + dark), css.npos) << css;
    EXPECT_NE(css.find("@media (prefers-color-scheme:dark){:root:not([data-theme]){" + dark), css.npos)
        << css;
}

}  // namespace
}  // namespace tamiti
