#pragma once

#include "core/audit/entries.hpp"
#include "core/model/shape.hpp"

/// What the answers with entries look like, for the documentation.
namespace tamiti::audit {

/// A list of entries.
const FieldType& entries_type(Detail detail);

/// {"count", "next", "previous", "results"} with results of that type.
Shape page_shape(std::string name, const FieldType& results);

}  // namespace tamiti::audit
