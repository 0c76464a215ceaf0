#pragma once

#include "tests/support/studio.hpp"

namespace tamiti::test {

/// One @item@ of that person; answers its id.
inline std::string make_@item@(const std::string& owner) {
    return Studio::make(owner, "/@name@", {{"name", "First"}, {"owner", Studio::user(owner)}});
}

}  // namespace tamiti::test
