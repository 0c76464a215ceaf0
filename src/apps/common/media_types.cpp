#include "apps/common/media_types.hpp"

#include <magic.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/base/text.hpp"

namespace tamiti::common {
namespace {

struct MediaType {
    std::string_view name;
    std::string_view endings;  // the first is the one that is added
    bool is_text = false;      // any ending of texts fits as well
};
constexpr MediaType media_types[] = {
    {"image/png", "png"},
    {"image/jpeg", "jpg jpeg jpe jfif"},
    {"image/gif", "gif"},
    {"image/webp", "webp"},
    {"image/avif", "avif"},
    {"image/heic", "heic heif"},
    {"image/bmp", "bmp"},
    {"image/x-exr", "exr"},
    // Most cameras' raw pictures are TIFF: their endings alone tell which camera's.
    {"image/tiff", "tif tiff dng nef nrw arw sr2 srf pef srw 3fr fff iiq erf dcr kdc mef mos"},
    {"image/x-canon-cr2", "cr2"},
    {"image/x-canon-cr3", "cr3"},
    {"image/x-canon-crw", "crw"},
    {"image/x-olympus-orf", "orf ori"},
    {"image/x-panasonic-rw2", "rw2 rwl raw"},
    {"image/x-fuji-raf", "raf"},
    {"image/x-x3f", "x3f"},
    {"image/svg+xml", "svg", true},
    {"image/vnd.adobe.photoshop", "psd psb"},
    {"image/x-eps", "eps ai"},
    {"application/pdf", "pdf ai"},
    {"application/postscript", "ps eps ai"},
    {"application/x-indesign", "indd indt indb"},
    {"application/vnd.adobe.indesign-idml-package", "idml"},
    {"application/vnd.adobe.xd", "xd"},
    {"application/vnd.adobe.aftereffects.project", "aep"},
    {"application/x-figma", "fig jam"},
    {"application/x-sketch", "sketch"},
    {"application/mxf", "mxf"},
    {"application/json", "json", true},
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
    {"audio/x-aiff", "aif aiff aifc"},
    {"audio/x-m4a", "m4a"},
    {"audio/aac", "aac"},
    {"audio/amr", "amr"},
    {"audio/flac", "flac"},
    {"video/mp4", "mp4 m4v"},
    {"video/x-m4v", "m4v mp4"},
    {"video/3gpp", "3gp"},
    {"video/webm", "webm"},
    {"video/x-matroska", "mkv mka"},
    {"video/x-msvideo", "avi"},
    {"video/mp2t", "mts m2ts"},
    {"video/quicktime", "mov qt"},
    {"font/otf", "otf"},
    {"font/ttf", "ttf"},
    {"font/collection", "ttc otc"},
    {"font/woff", "woff"},
    {"font/woff2", "woff2"},
    {"text/html", "html htm", true},
    {"text/csv", "csv", true},
    {"text/calendar", "ics", true},
    {"text/plain", "txt", true},
};

/// Endings of texts that no system runs: notes, subtitles, tables, scripts of films, what editing programs
/// exchange.
constexpr std::string_view text_endings =
    "txt md markdown log csv tsv srt vtt sbv ass ssa json jsonl ndjson xml fcpxml fdx fountain edl ale cube "
    "otio "
    "yaml yml toml ini tex bib vcf ics gpx po";

/// What libmagic calls otherwise.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"application/vnd.ms-opentype", "font/otf"},
    {"font/sfnt", "font/ttf"},
    {"font/ttf", "font/collection"},
    {"application/font-woff", "font/woff"},
    {"image/x-ms-bmp", "image/bmp"},
    {"audio/x-hx-aac-adts", "audio/aac"},
    {"audio/AMR", "audio/amr"},
    {"video/MP2T", "video/mp2t"},
};

/// Formats of studios that libmagic doesn't know, by what they begin with.
using namespace std::string_view_literals;
constexpr std::pair<std::string_view, std::string_view> beginnings[] = {
    {"\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d"sv, "application/x-indesign"},
    {"fig-kiwi"sv, "application/x-figma"},
    {"fig-jam."sv, "application/x-figma"},
    {"IIU\0"sv, "image/x-panasonic-rw2"},
};

const MediaType* known(std::string_view name) {
    const auto found = std::find_if(std::begin(media_types), std::end(media_types),
                                    [&](const MediaType& type) { return type.name == name; });
    return found == std::end(media_types) ? nullptr : found;
}

bool has_ending(std::string_view endings, std::string_view ending) {
    const auto all = split(endings, ' ');
    return std::find(all.begin(), all.end(), ending) != all.end();
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
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

/// libmagic's guess, by the name that stands in our list.
std::string guess(std::string_view bytes) {
    thread_local const Cookie cookie = open_magic();
    const char* found = magic_buffer(cookie.get(), bytes.data(), bytes.size());
    const std::string_view type = found ? found : "";
    for (const auto& [theirs, ours] : other_names)
        if (type == theirs) return std::string(ours);
    return std::string(type);
}

/// Formats that are boxes of a length and a name: QuickTime has several that may come first, and so has
/// Canon's raw. The first box of a file of the size that we take has a length below 2^25.
std::string kind_of_boxes(std::string_view head) {
    if (head.size() < 12 || static_cast<unsigned char>(head[0]) > 1) return {};
    const std::string_view name = head.substr(4, 4), brand = head.substr(8, 4);
    if (name == "ftyp" && brand == "crx ") return "image/x-canon-cr3";
    if (name == "ftyp") return brand == "qt  " ? "video/quicktime" : "";
    for (const std::string_view first : {"moov", "mdat", "wide", "pnot", "skip", "free"})
        if (name == first) return "video/quicktime";
    return {};
}

/// Formats in chunks as of RIFF, which has longer forms for long recordings, and one of the other byte order.
std::string kind_of_chunks(std::string_view head) {
    const std::string_view begin = head.substr(0, 4),
                           form = head.substr(std::min<std::size_t>(head.size(), 8), 4);
    const bool is_riff = begin == "RIFF" || begin == "RF64" || begin == "BW64";
    if (is_riff && form == "WAVE") return "audio/x-wav";
    return begin == "RIFX" && form == "Egg!" ? "application/vnd.adobe.aftereffects.project" : "";
}

/// What libmagic doesn't know, or not in all its forms; empty for the rest.
std::string kind_of_studio_file(std::string_view head) {
    for (const auto& [begin, type] : beginnings)
        if (head.starts_with(begin)) return std::string(type);
    const std::string boxes = kind_of_boxes(head);
    return boxes.empty() ? kind_of_chunks(head) : boxes;
}

/// A text may be of one of the kinds that are written as texts. The words that a picture begins with are just
/// words here.
std::string kind_of_text(const Glance& file) {
    if (file.head.starts_with("%PDF-") && has(file.tail, "startxref")) return "application/pdf";
    if (file.head.starts_with("%!PS-Adobe-")) return "application/postscript";
    const std::string type = guess(file.head);
    const MediaType* found = known(type);
    return found && found->is_text ? type : "text/plain";
}

/// Texts in other encodings, which libmagic guesses: only those of UTF-16, which say so, have NULs.
bool may_be_old_text(std::string_view head) {
    return head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff") || !has(head, "\0"sv);
}

/// What an archive holds, by the names in the list at its end.
std::string kind_of_archive(const Glance& file) {
    if (has(file.tail, "canvas.fig")) return "application/x-figma";
    if (has(file.tail, "document.json") && has(file.tail, "meta.json") && has(file.tail, "pages/"))
        return "application/x-sketch";
    const std::string_view begin = file.head.substr(0, 256);
    if (has(begin, "mimetypeapplication/vnd.adobe.indesign-idml-package"))
        return "application/vnd.adobe.indesign-idml-package";
    if (has(begin, "mimetypeapplication/vnd.adobe.sparkler.project")) return "application/vnd.adobe.xd";
    return "application/zip";
}

}  // namespace

Glance glance_at(std::string_view bytes) {
    return {.head = bytes.substr(0, head_bytes),
            .tail = bytes.substr(bytes.size() - std::min(bytes.size(), tail_bytes)),
            .is_text = is_utf8(bytes) && !has(bytes, "\0"sv)};
}

void TextCheck::look_at(std::string_view part) {
    if (failed_) return;
    failed_ = has(part, "\0"sv);
    std::string whole = std::move(begun_);
    whole += part;
    // The last three bytes may begin a character.
    std::size_t end = whole.size();
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, whole.size()); ++back) {
        const auto byte = static_cast<unsigned char>(whole[whole.size() - back]);
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        if (length > back) end = whole.size() - back;
        if (length > 1 || byte < 0x80) break;
    }
    begun_ = whole.substr(end);
    failed_ = failed_ || !is_utf8(std::string_view(whole).substr(0, end));
}

bool TextCheck::is_text() const {
    return !failed_ && begun_.empty();
}

std::string media_type_of(const Glance& file) {
    if (file.is_text) return kind_of_text(file);
    if (std::string type = kind_of_studio_file(file.head); !type.empty()) return type;
    const std::string type = guess(file.head);
    if (type == "application/zip") return kind_of_archive(file);
    const MediaType* found = known(type);
    if (!found || (found->is_text && !may_be_old_text(file.head))) return {};
    return type;
}

std::string media_type_of(std::string_view bytes) {
    return media_type_of(glance_at(bytes));
}

std::string fitting_name(std::string name, std::string_view media_type) {
    const MediaType* type = known(media_type);
    if (!type) return name;
    const std::size_t dot = name.rfind('.');
    const std::string ending = dot == name.npos ? "" : lower(std::string_view(name).substr(dot + 1));
    if (has_ending(type->endings, ending) || (type->is_text && has_ending(text_endings, ending))) return name;
    return name + "." + std::string(split(type->endings, ' ').front());
}

}  // namespace tamiti::common
