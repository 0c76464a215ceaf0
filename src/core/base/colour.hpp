#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Colours as people see them: what is lighter, what is readable on what.
namespace tamiti {

/// A colour of screens (sRGB), each part from 0 to 255.
struct Colour {
    int red = 0, green = 0, blue = 0;
    bool operator==(const Colour&) const = default;

    /// Reads "#1f6f5c"; nothing for another form.
    static std::optional<Colour> parse(std::string_view text);
    std::string text() const;  ///< "#1f6f5c"
};

/// The same in OKLCH, whose lightness and chroma are what eyes make of them: of a colour made lighter there,
/// nobody says that it has become another.
struct Oklch {
    double lightness = 0;  ///< 0 is black, 1 white
    double chroma = 0;     ///< 0 is grey
    double hue = 0;        ///< radians
};
Oklch oklch_of(const Colour& colour);

/// The colour of screens that is nearest: with less chroma where screens don't show as much.
Colour colour_of(const Oklch& wanted);

/// The contrast of two colours as WCAG 2.2 measures it, from 1 to 21.
double contrast(const Colour& a, const Colour& b);

}  // namespace tamiti
