#include "core/site/ramp.hpp"

#include <algorithm>

namespace tamiti {
namespace {

constexpr double readable = 4.5;  // WCAG 2.2 AA, of text
constexpr double step = 0.004;    // of lightness: less than eyes tell apart

std::vector<Colour> colours(std::initializer_list<std::string_view> texts) {
    std::vector<Colour> all;
    for (const std::string_view text : texts) all.push_back(Colour::parse(text).value());
    return all;
}

bool is_readable(const Colour& colour, const std::vector<Colour>& behind) {
    return std::ranges::all_of(behind,
                               [&](const Colour& surface) { return contrast(colour, surface) >= readable; });
}

/// The first colour that can be read on all of these, from the wanted one towards black or white.
Colour towards(double end, Oklch wanted, const std::vector<Colour>& behind) {
    const double direction = end < 0.5 ? -step : step;
    while (true) {
        const Colour colour = colour_of(wanted);
        const bool is_at_end = end < 0.5 ? wanted.lightness <= 0 : wanted.lightness >= 1;
        if (is_at_end || is_readable(colour, behind)) return colour;
        wanted.lightness += direction;
    }
}

Oklch with(Oklch colour, double lightness, double most_chroma) {
    return {lightness, std::min(colour.chroma, most_chroma), colour.hue};
}

Ramp light_ramp(const Colour& given) {
    const Oklch colour = oklch_of(given);
    Ramp ramp;
    ramp.soft = colour_of(with(colour, 0.95, 0.014));
    ramp.brand =
        is_readable(given, surfaces(Theme::light)) ? given : towards(0, colour, surfaces(Theme::light));
    const Oklch brand = oklch_of(ramp.brand);
    ramp.strong = colour_of(with(brand, brand.lightness - 0.07, 1));
    ramp.on = {255, 255, 255};  // lighter than every surface, so what is read on those is read by it
    std::vector<Colour> behind = surfaces(Theme::light);
    behind.push_back(ramp.soft);
    ramp.text = towards(0, with(brand, brand.lightness - 0.03, 1), behind);
    return ramp;
}

Ramp dark_ramp(const Colour& given) {
    const Oklch colour = oklch_of(given);
    Ramp ramp;
    ramp.soft = colour_of(with(colour, 0.31, 0.035));
    ramp.brand = towards(1, with(colour, std::max(colour.lightness, 0.68), 0.16), surfaces(Theme::dark));
    const Oklch brand = oklch_of(ramp.brand);
    ramp.strong = colour_of(with(brand, std::min(brand.lightness + 0.06, 1.0), 1));
    ramp.on = towards(0, with(colour, 0.24, 0.05), {ramp.brand, ramp.strong});
    std::vector<Colour> behind = surfaces(Theme::dark);
    behind.push_back(ramp.soft);
    ramp.text = towards(1, with(brand, std::min(brand.lightness + 0.09, 1.0), 1), behind);
    return ramp;
}

std::string properties(const Ramp& ramp) {
    return "--brand:" + ramp.brand.text() + ";--brand-strong:" + ramp.strong.text() +
           ";--brand-text:" + ramp.text.text() + ";--brand-soft:" + ramp.soft.text() +
           ";--brand-on:" + ramp.on.text();
}

}  // namespace

const std::vector<Colour>& surfaces(Theme theme) {
    static const std::vector<Colour> light =
        colours({"#f5f3ee", "#fffefb", "#f3f0ea", "#ffffff", "#f1eee7", "#eeebe4"});
    static const std::vector<Colour> dark =
        colours({"#10110f", "#171815", "#131412", "#1f211d", "#21231f", "#262822"});
    return theme == Theme::light ? light : dark;
}

Ramp ramp_of(const Colour& colour, Theme theme) {
    return theme == Theme::light ? light_ramp(colour) : dark_ramp(colour);
}

std::string ramp_css(const Colour& colour) {
    const std::string light = properties(ramp_of(colour, Theme::light));
    const std::string dark = properties(ramp_of(colour, Theme::dark));
    return ":root{" + light + "}\n:root[data-theme='dark']{" + dark +
           "}\n@media (prefers-color-scheme:dark){:root:not([data-theme]){" + dark + "}}\n";
}

}  // namespace tamiti
