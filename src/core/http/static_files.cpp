#include "core/http/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"
#include "core/http/compression.hpp"
#include "core/http/entity_tag.hpp"
#include "core/http/uri.hpp"

namespace tamiti::http {
namespace {

namespace fs = std::filesystem;

struct Ending {
    std::string_view ending;
    std::string_view type;
};
constexpr Ending endings[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
};

/// The file below the folder, or nothing. Links are followed, so that the check sees where they really lead.
std::optional<fs::path> file_below(const std::string& folder, const fs::path& name) {
    if (folder.empty()) return std::nullopt;
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    if (error) return std::nullopt;
    const fs::path file = fs::canonical(root / name, error);
    if (error || !fs::is_regular_file(file, error)) return std::nullopt;
    const fs::path inside = file.lexically_relative(root);
    if (inside.empty() || *inside.begin() == "..") return std::nullopt;
    return file;
}

std::optional<std::string> contents_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (stream.bad()) return std::nullopt;
    return bytes;
}

std::string version_of(std::string_view bytes) {
    const std::string tag = entity_tag(bytes);
    std::string version;
    for (const char letter : tag)
        if (letter != '"' && letter != '/') version += letter;
    return encode_percent(version);
}

}  // namespace

std::string_view media_type(std::string_view name) {
    for (const Ending& one : endings)
        if (name.ends_with(one.ending)) return one.type;
    return "application/octet-stream";
}

std::string versioned_path(const std::string& folder, std::string_view name) {
    const auto file = file_below(folder, fs::path(name));
    const auto bytes = file ? contents_of(*file) : std::nullopt;
    if (!bytes) return {};
    return "/static/" + std::string(name) + "?v=" + version_of(*bytes);
}

std::optional<std::string> file_text(const std::string& folder, std::string_view name) {
    const auto file = file_below(folder, fs::path(name));
    return file ? contents_of(*file) : std::nullopt;
}

std::optional<Response> packed_file(const std::string& folder, const std::vector<std::string>& path,
                                    const Request& request) {
    std::string name;
    for (const std::string& segment : path) {
        if (segment.empty() || segment.starts_with('.')) return std::nullopt;
        name += (name.empty() ? "" : "/") + segment;
    }
    if (name.ends_with(".br") || name.ends_with(".gz") || !file_below(folder, name)) return std::nullopt;
    Response response;
    response.content_type = media_type(name);
    std::optional<std::string> bytes;
    constexpr std::pair<std::string_view, std::string_view> codings[] = {{"br", ".br"}, {"gzip", ".gz"}};
    for (const auto& [coding, ending] : codings) {
        if (!accepts_coding(request.header("Accept-Encoding"), coding)) continue;
        bytes = file_text(folder, name + std::string(ending));
        if (!bytes) continue;
        response.set("Content-Encoding", std::string(coding));
        break;
    }
    if (!bytes) bytes = file_text(folder, name);
    if (!bytes) return std::nullopt;
    response.set("Vary", "Accept-Encoding");
    response.body = std::move(*bytes);
    tag_page(request, response);
    return response;
}

void tag_page(const Request& request, Response& response) {
    const std::string tag = entity_tag(response.body);
    response.set("ETag", tag);
    if (!names_tag(request.header("If-None-Match"), tag)) return;
    response.status = 304;
    response.body.clear();
}

Response static_file(const std::string& folder, const Request& request) {
    std::vector<std::string> segments;
    if (split_path(request.path, segments) || segments.size() < 2 || segments[0] != "static")
        throw NotFound();
    fs::path name;
    for (std::size_t i = 1; i < segments.size(); ++i) {
        if (segments[i].starts_with('.')) throw NotFound();
        name /= segments[i];
    }
    const auto file = file_below(folder, name);
    auto bytes = file ? contents_of(*file) : std::nullopt;
    if (!bytes) throw NotFound();

    Response response;
    response.content_type = media_type(segments.back());
    response.set("Cache-Control",
                 std::string(request.query == "v=" + version_of(*bytes) ? for_good : "no-cache"));
    response.body = std::move(*bytes);
    tag_page(request, response);
    return response;
}

}  // namespace tamiti::http
