#pragma once

#include <string>
#include <vector>

namespace tamiti {

/// Tells whoever typed a command, on stderr, why it did nothing. Answers the status that it ends with: 1.
int command_refused(const std::string& sentence);

/// Why `given` is none of the known ones: `There is no state "nosuch". These exist: waiting, dead.`; empty
/// where it is one of them.
std::string unknown_word(const std::string& what, const std::string& given,
                         const std::vector<std::string>& known);

}  // namespace tamiti
