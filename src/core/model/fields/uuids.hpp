#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/field.hpp"

/// Ids as values.
namespace tamiti {

/// Reads a UUID other than the nil one, to lower-case text.
std::optional<std::string> read_uuid(std::string_view text, const std::string& path, Faults& faults);

/// The same from a filter, where "me" is the id of who asks.
std::optional<std::string> read_uuid_of(const Actor& who, std::string_view text, const std::string& path,
                                        Faults& faults);

bool is_nil_uuid(std::string_view stored);

}  // namespace tamiti
