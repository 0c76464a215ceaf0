#include "core/http/uri.hpp"

#include "core/base/text.hpp"
#include "core/http/characters.hpp"

namespace tamiti::http {
namespace {

constexpr Fault bad_path(std::string_view sentence) {
    return {400, "http.malformed_target", sentence};
}
constexpr Fault bad_query(std::string_view sentence) {
    return {400, "http.malformed_query", sentence};
}

bool plain_ascii(std::string_view text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x80 || c == '\0') return false;
    return true;
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is(text[i + 1], hex_digit) || !is(text[i + 2], hex_digit)) return {};
            c = static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        decoded.push_back(c);
    }
    if (plain_ascii(decoded)) return decoded;
    if (decoded.find('\0') != decoded.npos || !is_utf8(decoded)) return {};
    return decoded;
}

std::string encode_percent(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is(c, unreserved)) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(digits[byte >> 4]);
        encoded.push_back(digits[byte & 15]);
    }
    return encoded;
}

Fault split_path(std::string_view path, std::vector<std::string>& segments) {
    segments.clear();
    if (path.empty() || path.front() != '/') return bad_path("The path does not begin with a slash.");
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        auto segment = decode_percent(path.substr(0, slash));
        if (!segment) return bad_path("The path holds an escape that is not UTF-8 text.");
        if (segment->empty()) return bad_path("The path holds an empty segment.");
        if (*segment == "." || *segment == "..") return bad_path("The path holds a dot segment.");
        if (segment->find_first_of("/\\") != segment->npos)
            return bad_path("The path holds an encoded slash.");
        segments.push_back(std::move(*segment));
        if (slash == path.npos) break;
        path.remove_prefix(slash + 1);
    }
    return {};
}

Fault parse_query(std::string_view query, QueryParameters& parameters, std::size_t most) {
    parameters.clear();
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto piece = query.substr(0, end);
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
        if (piece.empty()) continue;
        if (parameters.size() == most)
            return bad_query("The query has more parameters than this server takes.");
        const auto equals = piece.find('=');
        auto name = decode_percent(piece.substr(0, equals), true);
        auto value =
            decode_percent(equals == piece.npos ? std::string_view{} : piece.substr(equals + 1), true);
        if (!name || !value) return bad_query("The query holds an escape that is not UTF-8 text.");
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return {};
}

std::string encode_query(const QueryParameters& parameters) {
    std::string query;
    for (const auto& [name, value] : parameters) {
        if (!query.empty()) query += '&';
        query += encode_percent(name);
        query += '=';
        query += encode_percent(value);
    }
    return query;
}

}  // namespace tamiti::http
