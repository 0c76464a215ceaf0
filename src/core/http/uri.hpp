#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/fault.hpp"

/// Paths and queries, decoded in one way and only once (RFC 3986).
namespace tamiti::http {

/// Decodes %XX; with `plus_is_space` also "+", as forms do. Nothing when an escape is broken, or when the
/// result holds NUL or is not UTF-8.
std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space = false);

/// The opposite: everything but unreserved characters becomes %XX, so the result fits any part of a URL.
std::string encode_percent(std::string_view text);

/// Splits "/api/v1/projects/" into its decoded segments "api", "v1", "projects"; one trailing slash is
/// dropped. Refused: a path that does not begin with "/", empty segments, "." and "..", an encoded "/" or
/// "\", NUL, and what is not UTF-8 — all of which a proxy in front might have read differently.
Fault split_path(std::string_view path, std::vector<std::string>& segments);

/// Name and value in the order of the query; a name may repeat.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// Reads "a=1&b=x+y"; "a" alone has an empty value and empty pieces are skipped. More than `most` parameters,
/// a broken escape, NUL and what is not UTF-8 are refused.
Fault parse_query(std::string_view query, QueryParameters& parameters, std::size_t most = 200);

/// The query text of these parameters, without "?".
std::string encode_query(const QueryParameters& parameters);

}  // namespace tamiti::http
