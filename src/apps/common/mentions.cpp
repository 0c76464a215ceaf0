#include "apps/common/mentions.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

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

/// The code point that ends before that place; 0 at the text's beginning.
char32_t code_point_before(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && (static_cast<unsigned char>(text[--begin]) & 0xC0) == 0x80) continue;
    if (begin == at) return 0;
    const auto lead = static_cast<unsigned char>(text[begin]);
    char32_t point = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1F : lead < 0xF0 ? lead & 0x0F : lead & 0x07;
    for (std::size_t i = begin + 1; i < at; ++i)
        point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    return point;
}

/// Whether a name may begin behind that sign: behind the letters of a word or of an address it is a part of
/// them. Chinese, Japanese and Thai put no blanks between words.
bool may_stand_before(char32_t sign) {
    constexpr std::pair<char32_t, char32_t> allowed[] = {
        {0xA0, 0xA1},     {0xAB, 0xAB},     {0xBB, 0xBB},     {0xBF, 0xBF},       {0x0E00, 0x0E7F},
        {0x2000, 0x206F}, {0x2600, 0x27BF}, {0x3000, 0x9FFF}, {0xF900, 0xFAFF},   {0xFF00, 0xFF0F},
        {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF9F}, {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFF}};
    if (sign < 0x80)
        return !is_name_character(static_cast<char>(sign)) &&
               !std::strchr("/=&#%+~$", static_cast<int>(sign));
    return std::ranges::any_of(
        allowed, [&](const auto& range) { return range.first <= sign && sign <= range.second; });
}

/// Whether the place lies in the address of a web site.
bool is_in_link(std::string_view text, std::size_t at) {
    const std::size_t blank = text.find_last_of(" \t\r\n", at);
    const std::string_view word =
        text.substr(blank == text.npos ? 0 : blank + 1, at - (blank == text.npos ? 0 : blank + 1));
    return word.find("://") != word.npos || word.starts_with("www.");
}

/// Which names are meant: those that mention somebody, or all that aren't part of a word or an address of
/// mail.
enum class Names : unsigned char { mentioned, written };

/// The next one at or after that place whose name is neither empty nor too long.
std::optional<Place> next_name(std::string_view text, std::size_t from, Names which) {
    for (std::size_t at = text.find('@', from); at != text.npos; at = text.find('@', at + 1)) {
        const char32_t before = code_point_before(text, at);
        const bool begins = before > 0 && before < 0x80 && which == Names::written
                                ? !is_name_character(static_cast<char>(before))
                                : before == 0 || may_stand_before(before);
        if (!begins || (which == Names::mentioned && is_in_link(text, at))) continue;
        std::size_t end = at + 1;
        while (end < text.size() && is_name_character(text[end])) ++end;
        const bool is_address = end < text.size() && text[end] == '@';  // of another network
        if (is_address && which == Names::mentioned) continue;
        const std::string_view name = text.substr(at + 1, end - at - 1);
        if (!without_ending(name).empty() && name.size() <= longest_name) return Place{at + 1, end};
    }
    return std::nullopt;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
}

/// Blanks what stands between marks of code in a line: the same number of backticks at both ends.
void blank_code(std::string& text, std::size_t begin, std::size_t end) {
    while ((begin = text.find('`', begin)) < end) {
        const std::size_t inside = std::min(text.find_first_not_of('`', begin), end);
        const std::string marks = text.substr(begin, inside - begin);
        std::size_t close = text.find(marks, inside);
        while (close < end && close + marks.size() < end && text[close + marks.size()] == '`')
            close = text.find(marks, text.find_first_not_of('`', close));
        if (close >= end) {
            begin = inside;
            continue;
        }
        blank(text, begin, close + marks.size());
        begin = close + marks.size();
    }
}

/// The text with blanks where it has code or quotes others, as Markdown marks them.
std::string own_words(std::string_view text) {
    std::string own(text);
    std::string fence;  // that the block of code began with
    for (std::size_t begin = 0; begin < own.size();) {
        const std::size_t end = std::min(own.find('\n', begin), own.size());
        const std::string_view line = trim(std::string_view(own).substr(begin, end - begin));
        const bool is_fence = line.starts_with("```") || line.starts_with("~~~");
        if (!fence.empty()) {
            if (line.starts_with(fence)) fence.clear();
            blank(own, begin, end);
        } else if (is_fence) {
            fence = line.substr(0, 3);
            blank(own, begin, end);
        } else if (line.starts_with('>')) {
            blank(own, begin, end);
        } else {
            blank_code(own, begin, end);
        }
        begin = end + 1;
    }
    return own;
}

}  // namespace

std::vector<std::string> names_mentioned(std::string_view comment) {
    const std::string text = own_words(comment);
    std::vector<std::string> names;
    for (auto place = next_name(text, 0, Names::mentioned); place;
         place = next_name(text, place->end, Names::mentioned)) {
        std::string name = lower(std::string_view(text).substr(place->begin, place->end - place->begin));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

std::string with_name_replaced(std::string_view text, std::string_view username, std::string_view name) {
    std::string out;
    std::size_t done = 0;
    for (auto place = next_name(text, 0, Names::written); place;
         place = next_name(text, place->end, Names::written)) {
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
