#pragma once

#include <string_view>

#include "core/http/message.hpp"

namespace tamiti::http {

/// The value of the only cookie of that name that the request sent; empty where there is none, or several.
std::string_view cookie_named(const Request& request, std::string_view name);

}  // namespace tamiti::http
