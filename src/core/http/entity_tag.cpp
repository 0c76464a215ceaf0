#include "core/http/entity_tag.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"

namespace tamiti::http {

namespace {

constexpr std::int64_t no_version = -1;

[[noreturn]] void refuse_tag() {
    throw Malformed("http.bad_etag",
                    "If-Match takes the ETag of the row that you read, in its quotes, or several with commas "
                    "between them.");
}

/// The version in a tag. None of ours has a comma inside, so a list may be parted at each.
std::int64_t version_in(std::string_view tag) {
    const bool is_weak = tag.starts_with("W/");
    if (is_weak) tag.remove_prefix(2);
    if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') refuse_tag();
    std::int64_t version = no_version;
    const auto [end, error] = std::from_chars(tag.data() + 1, tag.data() + tag.size() - 1, version);
    const bool is_ours = error == std::errc{} && version > 0 && (*end == '-' || *end == '"');
    return is_ours && !is_weak ? version : no_version;
}

}  // namespace

IfMatch::IfMatch(std::string_view value) {
    if (trim(value) == "*") return;
    if (trim(value).empty()) refuse_tag();
    versions_.emplace();
    for (const std::string_view tag : split(value, ',')) versions_->push_back(version_in(trim(tag)));
}

IfMatch IfMatch::of(const Request& request) {
    std::string all;
    bool is_there = false;
    for (const Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, "If-Match")) continue;
        all.append(is_there ? "," : "").append(header.value);
        is_there = true;
    }
    return is_there ? IfMatch(all) : IfMatch();
}

bool IfMatch::admits(std::int64_t version) const {
    return !versions_ || std::ranges::find(*versions_, version) != versions_->end();
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
