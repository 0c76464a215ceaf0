#include "apps/auth/sessions/known_devices.hpp"

#include <charconv>

#include "core/base/crypto.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

constexpr std::chrono::days lifetime{365};

/// What proves that we issued the token "id.seconds" to that account.
std::string seal(const std::string& key, Id<users::User> account, std::string_view issued) {
    return base64url(hmac_sha256(key, account.text() + "." + std::string(issued)));
}

bool is_sealed(const std::string& key, Id<users::User> account, std::string_view issued,
               std::string_view with) {
    return !key.empty() && same_secret(with, seal(key, account, issued));
}

}  // namespace

std::string issue_device(const Site& site, Id<users::User> account, Timestamp now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::string issued = random_base64url(16) + "." + std::to_string(seconds);
    const std::string proof = seal(site.key("known device"), account, issued);
    return issued + "." + proof;
}

std::string device_id(const Site& site, Id<users::User> account, std::string_view token, Timestamp now) {
    const std::vector<std::string_view> parts = split(token, '.');
    if (parts.size() != 3 || token.size() > 128) return {};
    const std::string_view issued = token.substr(0, parts[0].size() + 1 + parts[1].size());
    if (!is_sealed(site.key("known device"), account, issued, parts[2]) &&
        !is_sealed(site.previous_key("known device"), account, issued, parts[2]))
        return {};
    std::int64_t seconds = 0;
    std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), seconds);
    if (now >= Timestamp(std::chrono::seconds(seconds)) + lifetime) return {};
    return std::string(parts[0]);
}

}  // namespace tamiti::auth
