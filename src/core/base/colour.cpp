#include "core/base/colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tamiti {
namespace {

using Three = std::array<double, 3>;

double linear(int part) {
    const double value = part / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double encoded(double value) {
    return value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

/// Linear parts of a colour; beyond 0 and 1 where screens don't show it. The numbers are Björn Ottosson's, by
/// whom OKLab is.
Three linear_of(const Oklch& colour) {
    const double a = colour.chroma * std::cos(colour.hue), b = colour.chroma * std::sin(colour.hue);
    const auto cubed = [](double value) { return value * value * value; };
    const double l = cubed(colour.lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cubed(colour.lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cubed(colour.lightness - 0.0894841775 * a - 1.2914855480 * b);
    return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool is_shown(const Three& parts) {
    constexpr double rounding = 1e-4;
    return std::ranges::all_of(parts, [](double part) { return part >= -rounding && part <= 1 + rounding; });
}

Colour rounded(const Three& parts) {
    const auto whole = [](double part) {
        return static_cast<int>(std::lround(255 * encoded(std::clamp(part, 0.0, 1.0))));
    };
    return {whole(parts[0]), whole(parts[1]), whole(parts[2])};
}

double luminance(const Colour& colour) {
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

int digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<Colour> Colour::parse(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    std::array<int, 6> digits{};
    for (std::size_t i = 0; i < digits.size(); ++i)
        if ((digits[i] = digit(text[i + 1])) < 0) return std::nullopt;
    return Colour{16 * digits[0] + digits[1], 16 * digits[2] + digits[3], 16 * digits[4] + digits[5]};
}

std::string Colour::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "#";
    for (const int part : {red, green, blue}) {
        text += digits[static_cast<std::size_t>(part / 16)];
        text += digits[static_cast<std::size_t>(part % 16)];
    }
    return text;
}

Oklch oklch_of(const Colour& colour) {
    const double r = linear(colour.red), g = linear(colour.green), b = linear(colour.blue);
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    const double green_red = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    const double blue_yellow = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    return {.lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            .chroma = std::hypot(green_red, blue_yellow),
            .hue = std::atan2(blue_yellow, green_red)};
}

Colour colour_of(const Oklch& wanted) {
    Oklch tried = wanted;
    tried.lightness = std::clamp(tried.lightness, 0.0, 1.0);
    if (is_shown(linear_of(tried))) return rounded(linear_of(tried));
    double least = 0, most = tried.chroma;
    for (int halved = 0; halved < 20; ++halved) {
        tried.chroma = (least + most) / 2;
        (is_shown(linear_of(tried)) ? least : most) = tried.chroma;
    }
    tried.chroma = least;
    return rounded(linear_of(tried));
}

double contrast(const Colour& a, const Colour& b) {
    const double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return std::max(one, other) / std::min(one, other);
}

}  // namespace tamiti
