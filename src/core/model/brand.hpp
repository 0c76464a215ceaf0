#pragma once

#include <string>

#include "core/model/stored_settings.hpp"
#include "core/model/types.hpp"

namespace tamiti {

/// What the studio is called and looks like, to its people and in what it sends. A deployment begins it, and
/// admins change it while the program runs.
struct Brand {
    std::string name{};
    std::string colour{};  ///< "#1f6f5c"
    Url logo{};            ///< address of a picture; empty where the name stands alone
};
const StoredSettings& settings_of(tag<Brand>);

}  // namespace tamiti
