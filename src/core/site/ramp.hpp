#pragma once

#include <string>
#include <vector>

#include "core/base/colour.hpp"

/// What screens make of the one colour of a brand.
namespace tamiti {

enum class Theme : unsigned char { light, dark };

/// The colours of one theme. Whatever the brand's colour is, each pair that is read has a contrast of 4.5 to
/// 1 or more: `brand` and `text` on every surface, `text` on `soft`, `on` on `brand` and `strong`.
struct Ramp {
    Colour brand{};   ///< of buttons and marks
    Colour strong{};  ///< of the button under the pointer
    Colour text{};    ///< of links and what is chosen
    Colour soft{};    ///< behind what is chosen
    Colour on{};      ///< of letters on `brand` and `strong`
};

/// What stands behind text in the console's themes (console/src/ui/tokens.css).
const std::vector<Colour>& surfaces(Theme theme);

/// The brand's colour where it can be read, or the nearest one of its hue that can.
Ramp ramp_of(const Colour& colour, Theme theme);

/// The custom properties of both themes as a style sheet: --brand, --brand-strong, --brand-text, --brand-soft
/// and --brand-on. Dark is what `data-theme` of the page says, or else the device.
std::string ramp_css(const Colour& colour);

}  // namespace tamiti
