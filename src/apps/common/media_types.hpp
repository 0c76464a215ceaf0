#pragma once

#include <string>
#include <string_view>

/// What files are, decided by their content.
namespace tamiti::common {

/// The media type of the bytes, one of those that may be attached; empty for anything else (programs, unknown
/// formats). Text of whatever kind is text/plain unless it is one of the listed kinds.
std::string media_type_of(std::string_view bytes);

/// The name with an ending that fits the type: "notes.exe" of text/plain is "notes.exe.txt", so that what is
/// opened after a download is what was looked at.
std::string fitting_name(std::string name, std::string_view media_type);

}  // namespace tamiti::common
