#pragma once

#include <string>

#include "core/http/message.hpp"
#include "core/site/site.hpp"

namespace tamiti::http {

/// The page at /api/docs: a viewer of the OpenAPI document, whose files come from docs/ in the static folder
/// and from nowhere else. Where they are missing the page says what to install. Its policy lets the browser
/// run only scripts of this server.
Response docs_page(const std::string& static_folder, const Site& site);

}  // namespace tamiti::http
