#include "core/openapi/docs_page.hpp"

#include <string_view>

#include "core/base/html.hpp"
#include "core/http/static_files.hpp"

namespace tamiti::http {
namespace {

constexpr std::string_view without_viewer =
    "<h1>The viewer is not installed</h1>\n"
    "<p>The reference itself is here: <a href=\"/api/schema\">/api/schema</a> (OpenAPI 3.1).</p>\n"
    "<p>To browse it on this page, install Node.js and npm (<code>apt-get install nodejs npm</code>) and run "
    "<code>./dev build</code> again.</p>\n";

}  // namespace

Response docs_page(const std::string& static_folder, const Site& site) {
    const std::string style = versioned_path(static_folder, "docs/swagger-ui.css");
    const std::string viewer = versioned_path(static_folder, "docs/swagger-ui-bundle.js");
    const std::string start = versioned_path(static_folder, "docs/start.js");
    const std::string icon = versioned_path(static_folder, "docs/favicon-32x32.png");
    const bool complete = !style.empty() && !viewer.empty() && !start.empty();

    std::string page =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
        escape_html(site.name) + " API reference</title>\n";
    if (!icon.empty()) page += "<link rel=\"icon\" href=\"" + icon + "\">\n";
    if (complete) page += "<link rel=\"stylesheet\" href=\"" + style + "\">\n";
    page += "</head>\n<body>\n";
    if (complete) {
        page +=
            "<main id=\"reference\"></main>\n"
            "<noscript><p>This page needs JavaScript. The same reference as a document: "
            "<a href=\"/api/schema\">/api/schema</a>.</p></noscript>\n<script src=\"" +
            viewer + "\"></script>\n<script src=\"" + start + "\"></script>\n";
    } else {
        page += without_viewer;
    }
    page += "</body>\n</html>\n";

    Response response;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::move(page);
    response.set("Cache-Control", "no-cache");
    response.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.set("Referrer-Policy", "no-referrer");
    return response;
}

}  // namespace tamiti::http
