#include "core/access/sealed_text.hpp"

#include <sodium.h>

#include <stdexcept>

#include "core/base/base64url.hpp"
#include "core/base/text.hpp"
#include "core/site/site.hpp"

namespace tamiti {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t seal_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> open_with(const std::string& key, std::string_view context,
                                     std::string_view sealed) {
    if (key.empty() || sealed.size() < nonce_bytes + seal_bytes) return std::nullopt;
    const std::string_view box = sealed.substr(nonce_bytes);
    std::string text(box.size() - seal_bytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, bytes(box), box.size(),
        bytes(context), context.size(), bytes(sealed), bytes(key));
    if (failed) return std::nullopt;
    return text;
}

}  // namespace

std::string seal_text(const Site& site, std::string_view purpose, std::string_view context,
                      std::string_view text) {
    const std::string key = site.key(purpose);
    std::string sealed(nonce_bytes + text.size() + seal_bytes, '\0');
    auto* nonce = reinterpret_cast<unsigned char*>(sealed.data());
    randombytes_buf(nonce, nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes(text), text.size(),
                                               bytes(context), context.size(), nullptr, nonce, bytes(key));
    return base64url(sealed);
}

std::optional<OpenedText> open_text(const Site& site, std::string_view purpose, std::string_view context,
                                    std::string_view sealed) {
    const std::optional<std::string> raw = decode_base64url(sealed);
    if (!raw) return std::nullopt;
    if (auto text = open_with(site.key(purpose), context, *raw)) return OpenedText{std::move(*text), false};
    if (auto text = open_with(site.previous_key(purpose), context, *raw))
        return OpenedText{std::move(*text), true};
    return std::nullopt;
}

}  // namespace tamiti
