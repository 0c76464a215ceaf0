#include "apps/common/media_types.hpp"

#include <magic.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti::common {
namespace {

struct MediaType {
    std::string_view name;
    std::string_view endings;  // the first is the one that is added
};
constexpr std::array<MediaType, 34> media_types = {{
    {"image/png", "png"},
    {"image/jpeg", "jpg jpeg jpe jfif"},
    {"image/gif", "gif"},
    {"image/webp", "webp"},
    {"image/avif", "avif"},
    {"image/heic", "heic heif"},
    {"image/tiff", "tif tiff"},
    {"image/svg+xml", "svg"},
    {"image/vnd.adobe.photoshop", "psd"},
    {"application/pdf", "pdf"},
    {"application/postscript", "ps eps ai"},
    {"application/json", "json"},
    {"application/zip", "zip"},
    {"application/msword", "doc"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.ms-powerpoint", "ppt"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/vnd.oasis.opendocument.presentation", "odp"},
    {"audio/mpeg", "mp3"},
    {"audio/ogg", "ogg oga opus"},
    {"audio/x-wav", "wav"},
    {"audio/x-m4a", "m4a"},
    {"audio/flac", "flac"},
    {"video/mp4", "mp4 m4v"},
    {"video/webm", "webm"},
    {"video/quicktime", "mov"},
    {"text/html", "html htm"},
    {"text/csv", "csv"},
    {"text/calendar", "ics"},
    {"text/plain", "txt md log csv tsv srt vtt"},
}};

const MediaType* known(std::string_view name) {
    const auto found = std::find_if(media_types.begin(), media_types.end(),
                                    [&](const MediaType& type) { return type.name == name; });
    return found == media_types.end() ? nullptr : &*found;
}

struct Close {
    void operator()(magic_set* cookie) const { magic_close(cookie); }
};
using Cookie = std::unique_ptr<magic_set, Close>;

// A cookie belongs to one thread; its database is mapped, so a second one costs little.
Cookie open_magic() {
    Cookie cookie(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF));
    if (!cookie || magic_load(cookie.get(), nullptr) != 0)
        throw std::runtime_error("the database of file types (libmagic) can't be read");
    return cookie;
}

}  // namespace

std::string media_type_of(std::string_view bytes) {
    thread_local const Cookie cookie = open_magic();
    const char* found = magic_buffer(cookie.get(), bytes.data(), bytes.size());
    const std::string_view type = found ? found : "";
    if (known(type)) return std::string(type);
    // What libmagic takes for source code is text to us; bytes that aren't text stay out.
    const bool is_text = type.starts_with("text/") || type == "message/rfc822" || type == "application/csv";
    return is_text && is_utf8(bytes) && bytes.find('\0') == bytes.npos ? "text/plain" : "";
}

std::string fitting_name(std::string name, std::string_view media_type) {
    const MediaType* type = known(media_type);
    if (!type) return name;
    const std::size_t dot = name.rfind('.');
    const std::string ending = dot == name.npos ? "" : lower(std::string_view(name).substr(dot + 1));
    const auto endings = split(type->endings, ' ');
    if (std::find(endings.begin(), endings.end(), ending) != endings.end()) return name;
    return name + "." + std::string(endings.front());
}

}  // namespace tamiti::common
