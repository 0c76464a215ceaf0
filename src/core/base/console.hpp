#pragma once

#include <string>

namespace tamiti {

/// Tells whoever typed a command, on stderr, why it did nothing. Answers the status that it ends with: 1.
int command_refused(const std::string& sentence);

}  // namespace tamiti
