#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of the sentences that people read.
namespace tamiti {

/// "an invitation", "a user": the article goes by the sound that the noun begins with.
std::string with_article(std::string_view noun);

/// "name, code", and "none" where there are none.
std::string listed(const std::vector<std::string>& names);

/// How long to wait, in the largest unit that fits and never too short: "1 second", "15 minutes", "1 hour".
std::string in_words(std::chrono::seconds time);

}  // namespace tamiti
