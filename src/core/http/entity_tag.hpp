#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Entity tags (RFC 9110 8.8.3): what tells whether somebody has seen a body, or the row in it, as it is.
namespace tamiti::http {

/// The ETag of a body: a hash of its bytes, behind the row's version where it is one row. If-Match looks at
/// the version alone, so it holds whatever `fields` and `expand` the reader chose.
std::string entity_tag(std::string_view body, std::int64_t version = 0);

/// The version of the row in an If-Match value. "*" and a missing header ask for nothing; what this program
/// never made matches no row.
std::optional<std::int64_t> version_wanted(std::string_view if_match);

/// Whether an If-None-Match value names that tag (weak comparison, RFC 9110 13.1.2).
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace tamiti::http
