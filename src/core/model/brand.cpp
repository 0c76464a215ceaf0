#include "core/model/brand.hpp"

#include "core/base/colour.hpp"
#include "core/base/text.hpp"
#include "core/model/describe.hpp"

namespace tamiti {
namespace {

void begin(const Settings& deployment, Brand& brand) {
    brand.name = deployment.site_name;
    brand.colour = deployment.site_colour;
    brand.logo.text = deployment.site_logo;
}

void check(const Brand& brand) {
    if (trim(brand.name).empty()) throw Invalid("name", "A studio has a name.");
    if (!Colour::parse(brand.colour))
        throw Invalid("colour", "A colour is a # and six hexadecimal digits, such as #1f6f5c.");
}

}  // namespace

const StoredSettings& settings_of(tag<Brand>) {
    static const StoredSettings brand = settings<Brand>(
        "core.brand",
        {.doc = "What the studio is called, and its colour and logo.",
         .fields = {field<&Brand::name>("name", {.max_length = 80, .example = "Nile Films"}),
                    field<&Brand::colour>("colour",
                                          {.max_length = 7,
                                           .help = "Screens take the nearest colour of its hue that can be "
                                                   "read on theirs.",
                                           .example = "#1f6f5c"}),
                    field<&Brand::logo>("logo", {.help = "Address of a picture for mails and the console."})},
         .change = "core.change_brand",
         .begin = begin,
         .check = check});
    return brand;
}

}  // namespace tamiti
