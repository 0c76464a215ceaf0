#pragma once

#include <string_view>

#include "core/model/verb.hpp"

namespace tamiti {

/// The verb as people write it: "list", "remove"; empty for none.
std::string_view name_of(Verb verb);

}  // namespace tamiti
