#include <sodium.h>

#include <algorithm>
#include <functional>

#include "apps/common/access.hpp"
#include "apps/common/media_types.hpp"
#include "apps/common/records.hpp"
#include "apps/common/service.hpp"
#include "core/api/route.hpp"
#include "core/base/crypto.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/http/uri.hpp"
#include "core/model/input.hpp"

namespace tamiti::common {
namespace {

constexpr std::size_t most_bytes = 716'800;  // 700 KiB: a body of 1 MB carries no more in base64
constexpr std::size_t part_bytes = 262'144;  // so much of a file is in memory at once
constexpr int most_files = 20;               // of a record with its trash, internal ones apart
constexpr std::size_t longest_name = 200;
constexpr Limit files_of_one{"attach", 120, std::chrono::hours(1)};

std::string decoded(const std::string& base64) {
    std::string bytes(base64.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int fault =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), base64.data(),
                          base64.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
    if (fault != 0 || end != base64.data() + base64.size())
        throw Invalid("content", "Send the bytes in base64 with its padding (RFC 4648 section 4).");
    bytes.resize(size);
    return bytes;
}

// What people call the file; never a path.
std::string file_name(const std::string& typed, std::string_view media_type) {
    std::string name(trim(typed));
    if (name.find_first_of("/\\") != name.npos || name.find_first_not_of('.') == name.npos)
        throw Invalid("name", "Give the file a name without slashes, such as storyboard.pdf.");
    name = fitting_name(std::move(name), media_type);
    if (count_characters(name) > longest_name)
        throw Invalid("name", "Must have at most 200 characters with its ending.");
    return name;
}

// Files that the uploader may not see don't count for them, so the limit tells nothing of those. What is in
// the trash keeps its bytes, and its room to come back to, until it is purged.
void require_room(Tx& tx, const Attachment& file) {
    tx.hold("common.attachment " + file.on.row.text());
    const int files = tx.value<int>({R"(SELECT count(*) FROM common_attachment
                                        WHERE on_model = {} AND on_row = {} AND internal = {})",
                                     file.on.model, file.on.row, file.internal});
    if (files >= most_files)
        throw Conflict("common.too_many_files",
                       "A record has at most 20 files. Those in its trash count until they are purged: bring "
                       "one back, or wait.");
}

// RFC 6266: a name that every client reads, and the name itself (RFC 8187).
std::string disposition(const std::string& name) {
    std::string plain;
    for (const char c : name) {
        const bool is_safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '.' || c == '-' || c == '_' || c == ' ';
        plain += is_safe ? c : '_';
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + http::encode_percent(name);
}

// What a browser would run if somebody got it to show the file in spite of everything.
bool is_active(std::string_view media_type) {
    return media_type == "text/html" || media_type == "image/svg+xml";
}

void require_may_attach(ReadTx& tx, const Actor& who, const Record& on, bool internal) {
    if (internal && !who.can("common.write_internal"))
        throw Forbidden("access.field", "You may not set: internal.")
            .with({{"internal", "You may not set this field."}});
    require_record(tx, who, on, "on");
}

/// Whatever can be refused before the bytes are looked at.
void begin_attaching(Tx& tx, const Actor& who, const Attachment& attachment) {
    require_may_attach(tx, who, attachment.on, attachment.internal);
    require_open_record(tx, who, attachment.on);
    require(tx.site(), files_of_one, who.id.text());
    require_room(tx, attachment);
}

/// Keeps a row whose type and hash are known, with its bytes part by part. `part` tells the bytes from there
/// on, as many as a part has.
void keep(Tx& tx, Attachment& attachment, std::int64_t size,
          const std::function<std::string(std::int64_t from)>& part) {
    if (attachment.media_type.empty())
        throw Invalid(
            "content",
            "Files of this kind can't be attached; pictures, sound, films, fonts, texts, office documents, "
            "zip archives and what studios work with can.");
    attachment.name = file_name(attachment.name, attachment.media_type);
    attachment.size = static_cast<int>(size);
    tx.insert(attachment);
    int place = 0;
    for (std::int64_t from = 0; from < size; from += static_cast<std::int64_t>(part_bytes))
        tx.execute({R"(INSERT INTO common_attachment_content (attachment, place, content)
                       VALUES ({}, {}, decode({}, 'hex')))",
                    attachment.id, place++, hex(part(from))});
}

/// What a file on the disk is: its beginning and end are looked at, and all of it for being a text.
std::string type_on_disk(const http::BodyFile& file) {
    const std::string head = file.bytes.bytes(0, head_bytes);
    const std::string tail = file.bytes.bytes(
        std::max<std::int64_t>(0, file.size - static_cast<std::int64_t>(tail_bytes)), tail_bytes);
    TextCheck check;
    for (std::int64_t from = 0; from < file.size; from += static_cast<std::int64_t>(part_bytes))
        check.look_at(file.bytes.bytes(from, part_bytes));
    return media_type_of(Glance{.head = head, .tail = tail, .is_text = check.is_text()});
}

/// A part of a file's bytes; nothing where there is none.
std::optional<std::string> part_of(ReadTx& tx, Id<Attachment> id, int place) {
    const auto found = tx.value<std::optional<std::string>>(
        {"SELECT encode(content, 'hex') FROM common_attachment_content WHERE attachment = {} AND place = {}",
         id, place});
    return found ? std::optional(unhex(*found)) : std::nullopt;
}

/// Makes the bytes part by part while they are sent: nothing is held between two of them.
std::function<bool(std::string&)> parts_of(Site& site, Id<Attachment> id, std::int64_t size) {
    return [&site, id, size, place = 0, sent = std::int64_t{0}](std::string& out) mutable {
        const int next = place++;  // a look may be taken twice
        const auto part = look(site, [&](ReadTx& tx) { return part_of(tx, id, next); });
        if (!part) throw std::runtime_error("the bytes of a file went while it was sent");
        out += *part;
        sent += static_cast<std::int64_t>(part->size());
        return sent < size;
    };
}

}  // namespace

const Shape& shape_of(tag<NewAttachment>) {
    static const Shape shape = input<NewAttachment>(
        {record<&NewAttachment::on>("on"),
         field<&NewAttachment::name>("name", {.max_length = 200, .example = "storyboard.pdf"}),
         field<&NewAttachment::internal>("internal", {.help = "Never shown to clients, who can't set it."}),
         field<&NewAttachment::content>(
             "content",
             {.max_length = 1'000'000,
              .verbatim = true,
              .help = "The bytes in base64, at most 700 KiB; larger files go to `/attachments/file`.",
              .example = "JVBERi0xLjQK"})});
    return shape;
}

const Shape& shape_of(tag<NewFile>) {
    static const Shape shape = input<NewFile>(
        {record<&NewFile::on>("on"),
         field<&NewFile::name>("name", {.max_length = 200, .example = "showreel.mov"}),
         field<&NewFile::internal>("internal", {.help = "Never shown to clients, who can't set it."})});
    return shape;
}

void keep_file(Tx& tx, Attachment& attachment, const std::string& bytes) {
    if (bytes.empty()) throw Invalid("content", "The file is empty.");
    if (bytes.size() > most_bytes)
        throw Invalid("content", "A file has at most 716800 bytes here, not " + std::to_string(bytes.size()) +
                                     "; send larger ones to /attachments/file.");
    attachment.media_type = media_type_of(bytes);
    attachment.sha256 = sha256_hex(bytes);
    const auto part = [&](std::int64_t from) {
        return bytes.substr(static_cast<std::size_t>(from), part_bytes);
    };
    keep(tx, attachment, static_cast<std::int64_t>(bytes.size()), part);
}

void before_attach_file(ReadTx& tx, const Actor& who, const NewFile& file) {
    require_may_attach(tx, who, file.on, file.internal);
    file_name(file.name, "");
}

Attachment attach_file(Tx& tx, const Actor& who, NewFile file, const Call& call) {
    if (!call.request.file) throw Invalid("content", "Send the file itself as the body of the request.");
    const http::BodyFile& body = *call.request.file;
    Attachment attachment{.on = file.on, .name = file.name, .uploader = {who.id}, .internal = file.internal};
    begin_attaching(tx, who, attachment);
    attachment.media_type = type_on_disk(body);
    attachment.sha256 = body.sha256;
    keep(tx, attachment, body.size, [&](std::int64_t from) { return body.bytes.bytes(from, part_bytes); });
    return attachment;
}

Attachment attach(Tx& tx, const Actor& who, const NewAttachment& file) {
    Attachment attachment{.on = file.on, .name = file.name, .uploader = {who.id}, .internal = file.internal};
    begin_attaching(tx, who, attachment);
    keep_file(tx, attachment, decoded(file.content.text));
    return attachment;
}

void download(ReadTx& tx, const Actor& who, Id<Attachment> id, const Call& call) {
    const Resource& attachments = *tx.site().catalogue->resource_of(model_of(tag<Attachment>{}));
    const Attachment file = tx.get(id, attachments.visible_to(who));
    const std::optional<std::string> begin = part_of(tx, id, 0);
    if (!begin) throw NotFound("The bytes of this file are not here.");
    if (begin->size() == static_cast<std::size_t>(file.size))
        call.response.body = *begin;
    else
        call.response.produce = parts_of(tx.site(), id, file.size);
    call.response.content_type = is_active(file.media_type) ? "application/octet-stream" : file.media_type;
    call.response.set("Content-Disposition", disposition(file.name));
    call.response.set("Content-Security-Policy", "sandbox; default-src 'none'");
    call.response.set("Cross-Origin-Resource-Policy", "same-origin");
    call.response.set("ETag", "\"" + file.sha256 + "\"");
}

void before_save_attachment(Tx&, const Actor&, Attachment& next, const Attachment* before) {
    if (!before || next.name != before->name) next.name = file_name(next.name, next.media_type);
}

void before_remove_attachment(Tx& tx, const Actor& who, const Attachment& row) {
    if (!who.id.is_nil())
        tx.execute({"UPDATE common_attachment SET removed_by = {} WHERE id = {}", who.id, row.id});
}

}  // namespace tamiti::common
