#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tamiti::common {

/// The names that a comment mentions as @username, in lower case, each once, in their order. An address such
/// as ada@studio.example, a link, code and what is quoted from others mention nobody. Signs at a name's end
/// may belong to the sentence: "@ada." is read as "ada." here, and without_ending takes them off.
std::vector<std::string> names_mentioned(std::string_view comment);

/// The name without the dots, hyphens and underscores at its end.
std::string without_ending(std::string_view name);

/// The text with another name wherever it mentions that person, in whatever case: "@Sam." becomes
/// "@former.". `username` is in lower case; what stands in addresses and longer names stays.
std::string with_name_replaced(std::string_view text, std::string_view username, std::string_view name);

}  // namespace tamiti::common
