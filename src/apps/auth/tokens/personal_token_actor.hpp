#pragma once

#include <string_view>

#include "core/base/uuid.hpp"

namespace tamiti::auth {

/// Under what the state of a personal access token is remembered, by its hash (`token_hash`): its first 128
/// bits, which nobody can choose.
Uuid personal_token_key(std::string_view hash);

}  // namespace tamiti::auth
