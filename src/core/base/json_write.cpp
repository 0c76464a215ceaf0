#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/base/json.hpp"

namespace tamiti::json {
namespace {

/// For each byte what follows the backslash in its escape: a letter, 'u' for \u00XX, or 0 where none is
/// needed.
constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> escapes{};
    for (std::size_t i = 0; i < 0x20; ++i) escapes[i] = 'u';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    return escapes;
}
constexpr auto escapes = make_escapes();

/// Whether any of eight bytes needs an escape: below 0x20, a quote or a backslash. Per byte, x - 1 borrows
/// into the top bit only where x was 0 (or its top bit was set, which ~x masks out).
bool any_needs_escape(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t low = (word - ones * 0x20) & ~word;
    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | low) & tops;
}

/// The length of the leading run that can be copied as it is.
std::size_t plain_run(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        if (any_needs_escape(word)) break;
    }
    while (at < text.size() && escapes[static_cast<unsigned char>(text[at])] == 0) ++at;
    return at;
}

void append_escape(std::string& out, unsigned char byte) {
    const char letter = escapes[byte];
    out += '\\';
    out += letter;
    if (letter == 'u') {
        out += "00";
        out += byte < 0x10 ? '0' : '1';
        out += "0123456789abcdef"[byte & 15];
    }
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

/// The shortest text that reads back as the same double, always with a point or an exponent so that it stays
/// one. JSON has no infinities and no NaN; they become null.
void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char digits[32];
    // Large numbers with an exponent: written out, they would show more digits than a double has.
    char* const limit = digits + sizeof digits;
    const auto end =
        (std::abs(number) < 1e15 ? std::to_chars(digits, limit, number)
                                 : std::to_chars(digits, limit, number, std::chars_format::scientific))
            .ptr;
    const std::string_view text(digits, static_cast<std::size_t>(end - digits));
    out += text;
    if (text.find_first_of(".e") == text.npos) out += ".0";
}

void append_object(std::string& out, const object& members) {
    out += '{';
    bool first = true;
    for (const auto& member : members) {
        if (!std::exchange(first, false)) out += ',';
        append_string(out, member.key());
        out += ':';
        append(out, member.value());
    }
    out += '}';
}

void append_array(std::string& out, const array& elements) {
    out += '[';
    bool first = true;
    for (const auto& element : elements) {
        if (!std::exchange(first, false)) out += ',';
        append(out, element);
    }
    out += ']';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
    out += '"';
    while (true) {
        const std::size_t run = plain_run(text);
        out.append(text.data(), run);
        if (run == text.size()) break;
        append_escape(out, static_cast<unsigned char>(text[run]));
        text.remove_prefix(run + 1);
    }
    out += '"';
}

void append(std::string& out, const value& json) {
    switch (json.kind()) {
        case boost::json::kind::null:
            out += "null";
            break;
        case boost::json::kind::bool_:
            out += json.get_bool() ? "true" : "false";
            break;
        case boost::json::kind::int64:
            append_integer(out, json.get_int64());
            break;
        case boost::json::kind::uint64:
            append_integer(out, json.get_uint64());
            break;
        case boost::json::kind::double_:
            append_double(out, json.get_double());
            break;
        case boost::json::kind::string:
            append_string(out, json.get_string());
            break;
        case boost::json::kind::array:
            append_array(out, json.get_array());
            break;
        case boost::json::kind::object:
            append_object(out, json.get_object());
            break;
    }
}

std::string text_of(const value& json) {
    std::string out;
    append(out, json);
    return out;
}

void Writer::separate() {
    if (need_comma_) out_ += ',';
    need_comma_ = true;
}

void Writer::begin_object() {
    separate();
    out_ += '{';
    need_comma_ = false;
}

void Writer::end_object() {
    out_ += '}';
    need_comma_ = true;
}

void Writer::begin_array() {
    separate();
    out_ += '[';
    need_comma_ = false;
}

void Writer::end_array() {
    out_ += ']';
    need_comma_ = true;
}

void Writer::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    need_comma_ = false;
}

void Writer::string(std::string_view text) {
    separate();
    append_string(out_, text);
}

void Writer::raw(std::string_view json) {
    separate();
    out_ += json;
}

void Writer::integer(std::int64_t number) {
    separate();
    append_integer(out_, number);
}

void Writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
}

void Writer::null() {
    separate();
    out_ += "null";
}

}  // namespace tamiti::json
