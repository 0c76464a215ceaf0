#include "core/base/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// White_Space of the Unicode Standard, and U+2800, which is drawn as nothing.
constexpr Range blanks[] = {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                            {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                            {0x205F, 0x205F}, {0x2800, 0x2800}, {0x3000, 0x3000}};

// Default_Ignorable_Code_Point and the format characters that nothing is drawn for. Those of Arabic and
// Kaithi numbers (U+0600 and others) are drawn and aren't here.
constexpr Range invisible[] = {{0xAD, 0xAD},      {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},
                               {0x17B4, 0x17B5},  {0x180B, 0x180F}, {0x200B, 0x200F},   {0x202A, 0x202E},
                               {0x2060, 0x206F},  {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
                               {0xFFA0, 0xFFA0},  {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
                               {0xE0000, 0xE0FFF}};

// Of those the ones that say how the character before them is drawn: variation selectors, and the letters of
// flags.
constexpr Range selectors[] = {
    {0x180B, 0x180D}, {0x180F, 0x180F}, {0xFE00, 0xFE0F}, {0xE0020, 0xE007F}, {0xE0100, 0xE01EF}};

// Scripts whose letters join, so that a word with a joiner or a non-joiner in it looks different.
constexpr Range joining[] = {{0x600, 0x8FF}, {0x1800, 0x18AF}, {0xFB50, 0xFDFF}, {0xFE70, 0xFEFC}};

template <std::size_t N>
bool is_among(const Range (&ranges)[N], char32_t point) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [&](const Range& range) { return point >= range.first && point <= range.last; });
}

bool is_drawn(char32_t point) {
    return !is_among(blanks, point) && !is_among(invisible, point);
}

/// Whether the text is ASCII, of which no form changes anything but the blanks around.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::u32string points_of(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (auto left = static_cast<utf8proc_ssize_t>(text.size()); left > 0;) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t length = utf8proc_iterate(at, left, &point);
        points += static_cast<char32_t>(point);
        at += length;
        left -= length;
    }
    return points;
}

std::string text_of(std::u32string_view points) {
    std::string text;
    text.reserve(points.size());
    for (const char32_t point : points) {
        utf8proc_uint8_t bytes[4];
        const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
        text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    }
    return text;
}

struct Free {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

/// Normalisation form C.
std::string composed(std::string_view text) {
    utf8proc_uint8_t* made = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &made,
                                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (length < 0) throw std::bad_alloc();  // the text is well-formed, so nothing else can be wrong
    const std::unique_ptr<utf8proc_uint8_t, Free> owned(made);
    return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(length)};
}

/// From the first to the last character that is drawn, with what says how the last one is drawn.
std::u32string_view drawn_part(std::u32string_view points) {
    const auto first = std::find_if(points.begin(), points.end(), is_drawn);
    auto end = std::find_if(points.rbegin(), points.rend(), is_drawn).base();
    if (first == points.end()) return {};
    while (end != points.end() && is_among(selectors, *end)) ++end;
    return {first, end};
}

bool is_picture(char32_t point) {
    const auto* about = utf8proc_get_property(static_cast<utf8proc_int32_t>(point));
    return about->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC || point == 0xFE0F ||
           (point >= 0x1F3FB && point <= 0x1F3FF);  // the colours of skin
}

bool is_letter(char32_t point) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/// Whether a joiner between these two characters changes what is seen (RFC 5892, appendix A, and emoji).
bool is_of_use(char32_t joiner, char32_t before, char32_t after) {
    constexpr int virama = 9;
    const auto* about = utf8proc_get_property(static_cast<utf8proc_int32_t>(before));
    if (about->combining_class == virama) return true;
    if (joiner == 0x200D && is_picture(before) && is_picture(after)) return true;
    return is_among(joining, before) && is_letter(after);
}

std::u32string without_format(std::u32string_view points) {
    std::u32string kept;
    for (std::size_t at = 0; at < points.size(); ++at) {
        const char32_t point = points[at];
        const bool is_joiner = point == 0x200C || point == 0x200D;
        // What comes to stand behind it: what is invisible between the two goes.
        const auto next = std::find_if(points.begin() + static_cast<std::ptrdiff_t>(at) + 1, points.end(),
                                       [](char32_t after) { return !is_among(invisible, after); });
        const bool is_between = !kept.empty() && next != points.end();
        const bool stays = !is_among(invisible, point) || (!kept.empty() && is_among(selectors, point)) ||
                           (is_joiner && is_between && is_of_use(point, kept.back(), *next));
        if (stays) kept += point;
    }
    return kept;
}

std::u32string with_line_feeds(std::u32string points) {
    for (char32_t& point : points)
        if (point == 0x85 || point == 0x2028 || point == 0x2029) point = '\n';
    return points;
}

void append_lower(std::u32string& to, char32_t point) {
    const auto small = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point)));
    if (point == 0x130)  // I with a dot above
        to += {U'i', 0x307};
    else if (small == 0xDF)  // sharp s
        to += U"ss";
    else
        to += small == 0x3C2 ? char32_t{0x3C3} : small;  // sigma at the end of a word is sigma
}

}  // namespace

std::string kept_lines(std::string_view text) {
    if (is_plain(text)) return std::string(trim(text));
    if (!is_utf8(text)) return std::string(text);
    return text_of(with_line_feeds(std::u32string(drawn_part(points_of(composed(text))))));
}

std::string kept_line(std::string_view text) {
    if (is_plain(text)) return std::string(trim(text));
    if (!is_utf8(text)) return std::string(text);
    const std::u32string points = without_format(points_of(composed(text)));
    // Once more, because what stood between two characters may have kept them apart.
    return composed(text_of(with_line_feeds(std::u32string(drawn_part(points)))));
}

bool is_visible(std::string_view text) {
    if (is_plain(text)) return !trim(text).empty();
    if (!is_utf8(text)) return true;
    const std::u32string points = points_of(text);
    return std::any_of(points.begin(), points.end(), is_drawn);
}

std::string folded(std::string_view text) {
    if (!is_utf8(text)) return std::string(text);
    std::u32string small;
    for (const char32_t point : points_of(composed(text))) {
        if (is_among(blanks, point)) {
            if (!small.empty() && small.back() != U' ') small += U' ';
        } else if (!is_among(invisible, point)) {
            append_lower(small, point);
        }
    }
    if (small.ends_with(U' ')) small.pop_back();
    return composed(text_of(small));
}

std::string opaque(std::string_view password) {
    if (is_plain(password) || !is_utf8(password)) return std::string(password);
    std::u32string points = points_of(password);
    for (char32_t& point : points)
        if (utf8proc_category(static_cast<utf8proc_int32_t>(point)) == UTF8PROC_CATEGORY_ZS) point = U' ';
    return composed(text_of(points));
}

}  // namespace tamiti
