#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// The character classes of HTTP and URIs, one table lookup each.
namespace tamiti::http {

enum Class : std::uint8_t {
    token_char = 1,  ///< RFC 9110 5.6.2 tchar
    value_char = 2,  ///< field content: visible, blank, tab, obs-text (RFC 9110 5.5)
    path_char = 4,   ///< pchar and "/" (RFC 3986 3.3); "%" included, its digits are checked apart
    query_char = 8,  ///< path_char, "?" and what browsers leave bare in a query: []{}|^`
    host_char = 16,  ///< letters, digits, "-", "_", "."
    hex_digit = 32,
    unreserved = 64,  ///< RFC 3986 2.3, never needs an escape
};

namespace detail {
constexpr bool contains(std::string_view set, int c) {
    return set.find(static_cast<char>(c)) != set.npos;
}

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        const bool plain = letter || digit;
        unsigned bits = 0;
        if (plain || (c > 0x20 && c < 0x7f && contains("!#$%&'*+-.^_`|~", c))) bits |= token_char;
        if (c == '\t' || (c >= 0x20 && c != 0x7f)) bits |= value_char;
        const bool pchar = plain || (c > 0x20 && c < 0x7f && contains("-._~!$&'()*+,;=:@%/", c));
        if (pchar) bits |= path_char | query_char;
        if (c > 0x20 && c < 0x7f && contains("?[]{}|^`", c)) bits |= query_char;
        if (plain || c == '-' || c == '_' || c == '.') bits |= host_char;
        if (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) bits |= hex_digit;
        if (plain || c == '-' || c == '.' || c == '_' || c == '~') bits |= unreserved;
        table[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(bits);
    }
    return table;
}
inline constexpr auto classes = make_classes();
}  // namespace detail

constexpr bool is(char c, Class which) {
    return (detail::classes[static_cast<unsigned char>(c)] & which) != 0;
}

/// 0 to 15; only for characters of class hex_digit.
constexpr unsigned hex_value(char c) {
    return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
}

}  // namespace tamiti::http
