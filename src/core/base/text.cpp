#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <stdexcept>

namespace tamiti {
namespace {

std::uint64_t load_word(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

std::uint64_t load_half_word(const char* bytes) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

constexpr std::uint64_t top_bits = 0x8080808080808080;

/// Whether all eight bytes are from U+0020 to U+007E.
bool is_printable_ascii(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    const std::uint64_t below_blank = word - ones * 0x20;
    const std::uint64_t beyond_tilde = word + ones;  // carries out of a byte only where its top bit is set
    return ((word | below_blank | beyond_tilde) & top_bits) == 0;
}

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::uint8_t byte) {
    return (byte & 0xC0) == 0x80;
}

char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// The bytes of the well-formed sequence that starts at a byte beyond ASCII, or 0 (table 3-7 of the Unicode
/// Standard).
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const std::uint8_t lead = byte_at(text, at);
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() - at < length) return 0;
    const std::uint8_t second = byte_at(text, at + 1);
    const std::uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (!is_continuation(byte_at(text, at + i))) return 0;
    }
    return length;
}

/// Whether U+202A to U+202E or U+2066 to U+2069 stands at a byte E2.
bool is_bidirectional_override(std::string_view text, std::size_t at) {
    if (text.size() - at < 3) return false;
    const std::uint8_t second = byte_at(text, at + 1);
    const std::uint8_t third = byte_at(text, at + 2);
    return (second == 0x80 && third >= 0xAA && third <= 0xAE) ||
           (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

/// The least number of single-byte insertions, deletions and replacements that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row[b.size()];
}

/// Both halves of a 128-bit product folded into one word: every bit of the result depends on every bit of
/// both inputs.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8 && (load_word(text.data() + at) & top_bits) == 0) {
            at += 8;
        } else if (byte_at(text, at) < 0x80) {
            ++at;
        } else {
            const std::size_t length = sequence_length(text, at);
            if (length == 0) return false;
            at += length;
        }
    }
    return true;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<std::uint8_t>(c)); }));
}

bool has_control_characters(std::string_view text) {
    std::size_t at = 0;
    for (; text.size() - at >= 8 && is_printable_ascii(load_word(text.data() + at)); at += 8) {
    }
    for (; at < text.size(); ++at) {
        const std::uint8_t byte = byte_at(text, at);
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return true;
        if (byte == 0x7F) return true;
        if (byte == 0xC2 && at + 1 < text.size() && byte_at(text, at + 1) < 0xA0) return true;
        if (byte == 0xE2 && is_bidirectional_override(text, at)) return true;
    }
    return false;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower_letter);
    return out;
}

std::string words_of(std::string_view name) {
    std::string words(name);
    for (char& letter : words)
        if (letter == '_' || letter == '-' || letter == '/') letter = ' ';
    return std::string(trim(words));
}

std::string label_of(std::string_view name) {
    std::string label = words_of(name);
    if (!label.empty() && label.front() >= 'a' && label.front() <= 'z')
        label.front() = static_cast<char>(label.front() - 'a' + 'A');
    return label;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [](char a, char b) { return lower_letter(a) == lower_letter(b); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    if (text.empty()) return parts;
    std::size_t from = 0;
    for (std::size_t at = text.find(separator); at != text.npos; at = text.find(separator, from)) {
        parts.push_back(text.substr(from, at - from));
        from = at + 1;
    }
    parts.push_back(text.substr(from));
    return parts;
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
    return digits;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const auto& part : parts) {
        if (&part != parts.data()) out += separator;
        out += part;
    }
    return out;
}

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t longest_word = 64;  // a bound on the work that a hostile name can cause
    if (word.size() > longest_word) return {};
    std::size_t least = word.size() / 3 + 1;
    std::string best;
    for (const auto& candidate : candidates) {
        if (candidate.size() > word.size() + least || word.size() > candidate.size() + least) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

std::uint64_t fast_hash(std::string_view bytes) {
    // Odd constants from the fractional parts of square roots of primes; each step multiplies two words of
    // input.
    constexpr std::uint64_t key_a = 0x6a09e667f3bcc909;
    constexpr std::uint64_t key_b = 0xbb67ae8584caa73b;
    constexpr std::uint64_t key_c = 0x3c6ef372fe94f82b;
    std::uint64_t state = key_c ^ bytes.size();
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left > 16; at += 16, left -= 16) {
        state = mix(load_word(at) ^ key_a, load_word(at + 8) ^ state);
    }
    // The tail of at most 16 bytes as two words; they overlap where there are fewer.
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    if (left >= 8) {
        first = load_word(at);
        second = load_word(at + left - 8);
    } else if (left >= 4) {
        first = load_half_word(at);
        second = load_half_word(at + left - 4);
    } else if (left > 0) {
        first = byte_at({at, left}, 0) | std::uint64_t{byte_at({at, left}, left / 2)} << 8 |
                std::uint64_t{byte_at({at, left}, left - 1)} << 16;
    }
    return mix(key_b ^ bytes.size(), mix(first ^ key_a, second ^ state));
}

std::string hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out += digits[byte_at(bytes, i) >> 4];
        out += digits[byte_at(bytes, i) & 15];
    }
    return out;
}

std::string unhex(std::string_view digits) {
    const auto value = [](char digit) -> unsigned {
        if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
        if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
        if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
        throw std::invalid_argument("no hexadecimal digit");
    };
    if (digits.size() % 2 != 0) throw std::invalid_argument("half a byte of hexadecimal digits");
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes += static_cast<char>(value(digits[i]) << 4 | value(digits[i + 1]));
    return bytes;
}

std::string base64url(std::string_view bytes) {
    constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? byte_at(bytes, i + j) : 0U);
        for (std::size_t j = 0; j <= count; ++j) out += letters[group >> (18 - 6 * j) & 63];
    }
    return out;
}

}  // namespace tamiti
