#pragma once

#include <string_view>

#include "core/http/message.hpp"

namespace tamiti {

/// The language for somebody of whom only the request is known: that of the cookie `tamiti_language`, or the
/// one that the browser prefers of those that the console has (en, fr, sw, lg), or English.
std::string_view language_of(const http::Request& request);

}  // namespace tamiti
