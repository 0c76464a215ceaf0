#pragma once

#include <map>
#include <string>

/// Passwords that operators give to commands.
namespace tamiti::auth {

/// The password from `--password`, that environment variable or the terminal, where it is typed twice and not
/// shown; in that order. Empty where there is none, or where the two differ, which is said on standard error.
std::string typed_password(const std::map<std::string, std::string>& options, const char* variable);

}  // namespace tamiti::auth
