#include "core/base/base64url.hpp"

#include <sodium.h>

namespace tamiti {

std::optional<std::string> decode_base64url(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

}  // namespace tamiti
