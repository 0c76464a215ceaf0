#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tamiti::db {

/// SHA-256 of the text in lower-case hexadecimal.
std::string checksum_of(std::string_view text);

/// Whether the first line is `-- no transaction`.
bool runs_without_transaction(std::string_view sql);

/// The statements of a script, split at the semicolons that are outside of quotes, dollar quotes and
/// comments; parts of blanks and comments alone are left out.
std::vector<std::string> split_statements(std::string_view sql);

}  // namespace tamiti::db
