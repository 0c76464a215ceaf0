#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.hpp"

/// Entity tags (RFC 9110 8.8.3): what tells whether somebody has seen a body, or the row in it, as it is.
namespace tamiti::http {

/// The ETag of a body: a hash of its bytes, behind the row's version where it is one row. If-Match looks at
/// the version alone, so it holds whatever `fields` and `expand` the reader chose.
std::string entity_tag(std::string_view body, std::int64_t version = 0);

/// Which versions of a row a writer knows (RFC 9110 13.1.1): nothing is written to another.
class IfMatch {
public:
    /// Asks for nothing.
    IfMatch() = default;

    /// The tags of a list: `"3-5f0e…", "4-81b2…"`. "*" asks for nothing, since only rows that are there are
    /// written to; what this program never made, and a weak tag, match no row. What can't be read is
    /// Malformed: whoever sends it means to ask for something.
    explicit IfMatch(std::string_view value);

    /// The same of a request's headers: several lines are one list, and none ask for nothing.
    static IfMatch of(const Request& request);

    bool asks() const { return versions_.has_value(); }
    bool admits(std::int64_t version) const;

private:
    std::optional<std::vector<std::int64_t>> versions_{};
};

/// Whether an If-None-Match value names that tag (weak comparison, RFC 9110 13.1.2).
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace tamiti::http
