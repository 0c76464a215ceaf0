#include "apps/common/mentions.hpp"

#include <algorithm>
#include <optional>

#include "core/base/text.hpp"

namespace tamiti::common {
namespace {

constexpr std::size_t longest_name = 32 + 1;  // a username and the full stop after it

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}

/// A name after an @: where it begins and ends.
struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The next one at or after that place whose name is neither empty nor too long.
std::optional<Place> next_name(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('@', from); at != text.npos; at = text.find('@', at + 1)) {
        // After a letter of any script the sign belongs to an address or a word.
        if (at > 0 && (is_name_character(text[at - 1]) || static_cast<unsigned char>(text[at - 1]) >= 0x80))
            continue;
        std::size_t end = at + 1;
        while (end < text.size() && is_name_character(text[end])) ++end;
        const std::string_view name = text.substr(at + 1, end - at - 1);
        if (!without_ending(name).empty() && name.size() <= longest_name) return Place{at + 1, end};
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::string> names_mentioned(std::string_view text) {
    std::vector<std::string> names;
    for (auto place = next_name(text, 0); place; place = next_name(text, place->end)) {
        std::string name = lower(text.substr(place->begin, place->end - place->begin));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

std::string with_name_replaced(std::string_view text, std::string_view username, std::string_view name) {
    std::string out;
    std::size_t done = 0;
    for (auto place = next_name(text, 0); place; place = next_name(text, place->end)) {
        const std::string found = lower(text.substr(place->begin, place->end - place->begin));
        if (found != username && without_ending(found) != username) continue;
        out.append(text.substr(done, place->begin - done)).append(name);
        done = place->begin + username.size();
    }
    return out.append(text.substr(done));
}

std::string without_ending(std::string_view name) {
    while (!name.empty() && !is_alphanumeric(name.back())) name.remove_suffix(1);
    return std::string(name);
}

}  // namespace tamiti::common
