#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.hpp"

/// Files that the program shows to browsers as they are: those under the configured folder, at /static/.
namespace tamiti::http {

/// Answers the file that the request's path names below `folder`: "/static/docs/start.js" is docs/start.js
/// there. With an ETag and 304; for good where the query has the file's version (versioned_path), else to be
/// asked about each time. What is not a plain file below the folder, or is hidden, is NotFound.
Response static_file(const std::string& folder, const Request& request);

/// The Cache-Control of what always is the same at its address.
inline constexpr std::string_view for_good = "public, max-age=31536000, immutable";

/// A file below the folder that a build has packed, too: `start.js` with `start.js.br` and `start.js.gz`
/// beside it, of which the client gets as it is what it takes, Brotli first. With an ETag for each and 304.
/// Nothing for what is no plain file, is hidden, or is one of the packed ones by its own name.
std::optional<Response> packed_file(const std::string& folder, const std::vector<std::string>& path,
                                    const Request& request);

/// The bytes of a file below the folder; nothing where there is none.
std::optional<std::string> file_text(const std::string& folder, std::string_view name);

/// Gives a page that is complete the tag of its bytes; one that the client has already becomes a 304.
void tag_page(const Request& request, Response& response);

/// "/static/docs/start.js?v=…" with the version of the file's bytes, an address that always means the same
/// bytes; empty when there is no such file.
std::string versioned_path(const std::string& folder, std::string_view name);

/// The media type of a file name's ending; application/octet-stream for those that nobody listed.
std::string_view media_type(std::string_view name);

}  // namespace tamiti::http
