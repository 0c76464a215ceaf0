#pragma once

#include <string_view>

#include "core/base/uuid.hpp"

namespace tamiti {

/// The id of one row of the demo studio: the same kind ("users.user") and number give the same id on every
/// machine, so that loading the demo twice finds what is there and documentation can name rows. In the layout
/// of version 7 with a fixed time; ids of one kind sort by number.
Uuid demo_id(std::string_view kind, int number);

}  // namespace tamiti
