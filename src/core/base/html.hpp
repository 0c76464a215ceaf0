#pragma once

#include <string>
#include <string_view>

namespace tamiti {

/// Text as it may stand in HTML, also within the quotes of an attribute.
std::string escape_html(std::string_view text);

}  // namespace tamiti
