#pragma once

#include <string>
#include <string_view>

namespace tamiti::auth {

/// What the database keeps of a secret that people or programs hold: its SHA-256 as 64 hexadecimal digits.
/// Enough for what is random; passwords are hashed with core/access/passwords.hpp.
std::string token_hash(std::string_view token);

}  // namespace tamiti::auth
