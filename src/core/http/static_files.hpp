#pragma once

#include <string>
#include <string_view>

#include "core/http/message.hpp"

/// Files that the program shows to browsers as they are: those under the configured folder, at /static/.
namespace tamiti::http {

/// Answers the file that the request's path names below `folder`: "/static/docs/start.js" is docs/start.js
/// there. With an ETag and 304; for good where the query has the file's version (versioned_path), else to be
/// asked about each time. What is not a plain file below the folder, or is hidden, is NotFound.
Response static_file(const std::string& folder, const Request& request);

/// "/static/docs/start.js?v=…" with the version of the file's bytes, an address that always means the same
/// bytes; empty when there is no such file.
std::string versioned_path(const std::string& folder, std::string_view name);

/// The media type of a file name's ending; application/octet-stream for those that nobody listed.
std::string_view media_type(std::string_view name);

}  // namespace tamiti::http
