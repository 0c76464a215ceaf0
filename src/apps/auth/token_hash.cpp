#include "apps/auth/token_hash.hpp"

#include "core/base/crypto.hpp"

namespace tamiti::auth {

std::string token_hash(std::string_view token) {
    return sha256_hex(token);
}

}  // namespace tamiti::auth
