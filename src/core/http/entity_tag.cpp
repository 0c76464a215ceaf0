#include "core/http/entity_tag.hpp"

#include <charconv>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"

namespace tamiti::http {

std::optional<std::int64_t> version_wanted(std::string_view if_match) {
    if (if_match.empty() || if_match == "*") return std::nullopt;
    if (if_match.find(',') != std::string_view::npos)
        throw Malformed("http.bad_etag", "If-Match takes the one ETag of the row that you read.");
    if (if_match.size() < 3 || if_match.front() != '"' || if_match.back() != '"') return -1;
    std::int64_t version = -1;
    const auto [end, error] =
        std::from_chars(if_match.data() + 1, if_match.data() + if_match.size() - 1, version);
    return error == std::errc{} && (*end == '-' || *end == '"') ? version : -1;
}

std::string entity_tag(std::string_view body, std::int64_t version) {
    std::uint64_t hash = fast_hash(body);
    char digits[16];
    for (int i = 15; i >= 0; --i, hash >>= 4) digits[i] = "0123456789abcdef"[hash & 15];
    std::string tag = "\"";
    if (version > 0) tag += std::to_string(version) + "-";
    return tag.append(digits, sizeof digits) + "\"";
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    if (if_none_match.empty()) return false;
    if (trim(if_none_match) == "*") return true;
    for (std::string_view one : split(if_none_match, ',')) {
        one = trim(one);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
    }
    return false;
}

}  // namespace tamiti::http
