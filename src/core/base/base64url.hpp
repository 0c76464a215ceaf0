#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tamiti {

/// Decodes canonical base64url (RFC 4648 section 5): no padding, no blanks, unused bits zero, so that each
/// text has one spelling only; anything else is nothing. `base64url` in text.hpp is the way back.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace tamiti
