#include "apps/auth/factor/totp.hpp"

#include <sodium.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <chrono>
#include <stdexcept>

#include "core/http/uri.hpp"

namespace tamiti::auth {
namespace {

constexpr std::int64_t step_seconds = 30;
constexpr std::size_t secret_bytes = 20;

/// SHA-1 is what the apps know; as an HMAC nothing is known against it.
std::array<unsigned char, 20> hmac_sha1(std::string_view key, const std::array<unsigned char, 8>& message) {
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    if (!HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
              digest.data(), &size) ||
        size != digest.size())
        throw std::runtime_error("libcrypto computes no HMAC-SHA-1");
    return digest;
}

}  // namespace

std::int64_t totp_step(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() / step_seconds;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
    const auto digest = hmac_sha1(secret, counter);
    const std::size_t at = digest[19] & 0x0fU;  // dynamic truncation, RFC 4226 section 5.3
    const std::uint32_t number = (static_cast<std::uint32_t>(digest[at] & 0x7fU) << 24) |
                                 (static_cast<std::uint32_t>(digest[at + 1]) << 16) |
                                 (static_cast<std::uint32_t>(digest[at + 2]) << 8) | digest[at + 3];
    const std::string digits = std::to_string(number % 1'000'000);
    return std::string(6 - digits.size(), '0') + digits;
}

std::int64_t totp_match(std::string_view secret, std::string_view code, Timestamp time,
                        std::int64_t last_step) {
    const std::int64_t present = totp_step(time);
    // A code that was used farther ahead was used while a clock stood wrong; none of the present ones is that
    // code.
    if (last_step > present + 1 + std::chrono::seconds(clock_error).count() / 30) last_step = 0;
    std::int64_t matched = 0;
    for (std::int64_t step = present - 1; step <= present + 1; ++step) {
        const std::string expected = totp_code(secret, step);
        const bool fits =
            code.size() == expected.size() && sodium_memcmp(code.data(), expected.data(), code.size()) == 0;
        if (fits && step > last_step && matched == 0) matched = step;
    }
    return matched;
}

std::string totp_secret() {
    std::string secret(secret_bytes, '\0');
    randombytes_buf(secret.data(), secret.size());
    return secret;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char byte : bytes) {
        buffer = (buffer << 8) | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(buffer >> (bits - 5)) & 31U];
        buffer &= (1U << bits) - 1U;
    }
    if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31U];
    return text;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
    const std::string name = http::encode_percent(issuer);
    return "otpauth://totp/" + name + ":" + http::encode_percent(account) + "?secret=" + base32(secret) +
           "&issuer=" + name + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace tamiti::auth
