#include "core/base/demo.hpp"

#include <sodium.h>

#include <array>
#include <cstring>
#include <string>

namespace tamiti {

Uuid demo_id(std::string_view kind, int number) {
    // 2026-01-05T06:00:00Z in milliseconds, a Monday morning in Kampala; the number is added so that rows
    // keep their order.
    const std::uint64_t millisecond = 1'767'592'800'000 + static_cast<std::uint64_t>(number);
    const std::string text = std::string(kind) + '/' + std::to_string(number);
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    Uuid id;
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(millisecond >> (8 * (5 - i)));
    std::memcpy(&id.bytes[6], digest.data(), 10);
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0f));  // version 7
    id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));  // variant of RFC 9562
    return id;
}

}  // namespace tamiti
