#include "core/base/sentences.hpp"

#include <algorithm>
#include <cstdint>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

std::string counted(std::int64_t count, std::string_view unit) {
    return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

}  // namespace

std::string with_article(std::string_view noun) {
    // Nouns of the program: written "u" as in "user" and "unit", never as in "umbrella".
    const bool sounds_open = !noun.empty() && std::string_view("aeio").find(noun.front()) != noun.npos;
    return (sounds_open ? "an " : "a ") + std::string(noun);
}

std::string listed(const std::vector<std::string>& names) {
    return names.empty() ? "none" : join(names, ", ");
}

std::string in_words(std::chrono::seconds time) {
    const std::int64_t seconds = std::max<std::int64_t>(1, time.count());
    const std::int64_t minutes = (seconds + 59) / 60;
    if (seconds < 60) return counted(seconds, "second");
    if (minutes < 60) return counted(minutes, "minute");
    return counted((minutes + 59) / 60, "hour");
}

}  // namespace tamiti
