#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

/// Time-based one-time passwords (RFC 6238) as every authenticator app computes them: HMAC-SHA-1, six digits,
/// steps of 30 seconds.
namespace tamiti::auth {

/// The step that a moment lies in.
std::int64_t totp_step(Timestamp time);

/// The code of a step: six digits.
std::string totp_code(std::string_view secret, std::int64_t step);

/// The step of those next to `time` (one before, the present one, one after: clocks differ) whose code this
/// is and which comes after `last_step`; 0 where there is none. Takes the same time whichever it is.
std::int64_t totp_match(std::string_view secret, std::string_view code, Timestamp time,
                        std::int64_t last_step);

/// 160 random bits (RFC 4226, section 4).
std::string totp_secret();

/// RFC 4648 base32 without padding, as apps want secrets typed.
std::string base32(std::string_view bytes);

/// The address that a QR code carries to an authenticator app (the Key URI format).
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace tamiti::auth
