#include "core/program/console_pages.hpp"

#include <array>
#include <string_view>

#include "core/base/html.hpp"
#include "core/base/text.hpp"
#include "core/http/cookies.hpp"
#include "core/http/static_files.hpp"
#include "core/program/brand_pages.hpp"
#include "core/program/languages.hpp"

namespace tamiti {
namespace {

using Segments = std::vector<std::string>;

constexpr std::string_view not_built =
    "<h1>The console is not installed</h1>\n"
    "<p>The studio runs, and its API is described at <a href=\"/api/docs\">/api/docs</a>.</p>\n"
    "<p>To have the console here, install Node.js and npm (<code>apt-get install nodejs npm</code>) and run "
    "<code>./dev build</code> again; <code>TAMITI_STATIC_DIR</code> names the folder it builds into, "
    "<code>build/share</code>.</p>\n";

/// Where pictures of the brand lie, if not here: "https://cdn.example"; empty otherwise.
std::string origin_of(std::string_view address) {
    const std::size_t scheme = address.find("://");
    if (scheme == address.npos) return {};
    const std::string_view origin = address.substr(0, address.find_first_of("/?#", scheme + 3));
    constexpr std::string_view usual = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]/";
    return origin.find_first_not_of(usual) == origin.npos ? std::string(origin) : std::string();
}

/// What a page of the console may do: load what is ours, and make markup and the addresses of scripts by
/// policies of these names only, so that a text that somebody wrote never becomes a script.
std::string policy(const Brand& brand) {
    const std::string pictures = origin_of(brand.logo.text);
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:" +
           (pictures.empty() ? std::string() : " " + pictures) +
           "; font-src 'self'; connect-src 'self'; media-src 'self' blob:; frame-src 'self'; manifest-src "
           "'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
           "require-trusted-types-for 'script'; trusted-types svelte-trusted-html tamiti-worker dompurify";
}

void protect(const Brand& brand, http::Response& response) {
    response.set("Content-Security-Policy", policy(brand));
    // Addresses of ours may hold what a page was looked for; links in mails keep their tokens in the
    // fragment.
    response.set("Referrer-Policy", "same-origin");
    response.set("Permissions-Policy",
                 "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), serial=(), "
                 "midi=(), browsing-topics=()");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
}

/// The text with what stands from `open` to the end of `close` replaced; as it is where they don't stand
/// there.
std::string replaced(std::string text, std::string_view open, std::string_view close,
                     const std::string& with) {
    const std::size_t from = text.find(open);
    const std::size_t to = from == text.npos ? text.npos : text.find(close, from);
    if (to == text.npos) return text;
    return text.replace(from, to + close.size() - from, with);
}

std::string index_of(std::string text, const Brand& brand, const http::Request& request) {
    const std::string_view theme = http::cookie_named(request, "tamiti_theme");
    std::string html = "<html lang=\"" + std::string(language_of(request)) + "\"";
    if (theme == "light" || theme == "dark") html += " data-theme=\"" + std::string(theme) + "\"";
    text = replaced(std::move(text), "<html", ">", html + ">");
    return replaced(std::move(text), "<title>", "</title>", "<title>" + escape_html(brand.name) + "</title>");
}

std::string page_without_console(const Brand& brand) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           escape_html(brand.name) + "</title>\n</head>\n<body>\n" + std::string(not_built) +
           "</body>\n</html>\n";
}

http::Response index_page(const std::string& folder, const Brand& brand, const http::Request& request) {
    http::Response page{.content_type = "text/html; charset=utf-8"};
    const auto index = http::file_text(folder, "index.html");
    page.body = index ? index_of(*index, brand, request) : page_without_console(brand);
    page.set("Vary", "Cookie, Accept-Language");
    http::tag_page(request, page);
    return page;
}

bool wants_page(const http::Request& request, const Segments& segments) {
    if (segments.empty() || segments == Segments{"index.html"}) return true;
    return request.header("Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

std::optional<http::Response> console_page(const std::string& static_folder, Site& site,
                                           const http::Request& request, const Segments& segments) {
    for (const std::string_view elsewhere : {"api", "static", "dev"})
        if (!segments.empty() && segments.front() == elsewhere) return std::nullopt;
    const std::string folder = static_folder.empty() ? std::string() : static_folder + "/console";
    const bool is_asset = !segments.empty() && segments.front() == "assets";
    const bool is_index = segments.empty() || segments == Segments{"index.html"};
    auto page = brand_page(site, segments);
    if (page) http::tag_page(request, *page);
    if (!page && !is_index) page = http::packed_file(folder, segments, request);
    const bool is_for_good = page && is_asset;
    const Brand brand = shown_brand(site);
    if (!page && !is_asset && wants_page(request, segments)) page = index_page(folder, brand, request);
    if (!page) return std::nullopt;
    page->set("Cache-Control", std::string(is_for_good ? http::for_good : "no-cache"));
    protect(brand, *page);
    return page;
}

}  // namespace tamiti
