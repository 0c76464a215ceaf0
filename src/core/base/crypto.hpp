#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The small pieces of cryptography that several parts need, over libsodium.
namespace tamiti {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

/// HMAC with SHA-256 (RFC 2104): the 32 bytes themselves.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// Whether two secrets are the same, in a time that doesn't tell where they differ.
bool same_secret(std::string_view a, std::string_view b);

/// So many random bytes as base64url.
std::string random_base64url(std::size_t bytes);

}  // namespace tamiti
