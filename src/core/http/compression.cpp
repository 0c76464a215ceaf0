#include "core/http/compression.hpp"

#include <zlib.h>

#include <memory>
#include <new>
#include <optional>

#include "core/http/message.hpp"

namespace tamiti::http {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// "1", "0.5", "0.125" in thousandths; anything else counts as 0, the careful reading.
int quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    if (text.size() > 1 && text[1] != '.') return 0;
    int thousandths = text[0] == '1' ? 1000 : 0;
    int unit = 100;
    for (const char c : text.substr(text.size() > 1 ? 2 : 1)) {
        if (c < '0' || c > '9') return 0;
        thousandths += (c - '0') * unit;
        unit /= 10;
    }
    return thousandths <= 1000 ? thousandths : 0;
}

struct Choice {
    std::string_view coding;
    int quality = 1000;
};

Choice read_choice(std::string_view element) {
    const auto semicolon = element.find(';');
    Choice choice{trimmed(element.substr(0, semicolon))};
    if (semicolon == element.npos) return choice;
    const auto parameter = trimmed(element.substr(semicolon + 1));
    const bool weighs = parameter.size() > 2 && (parameter[0] | 0x20) == 'q' && parameter[1] == '=';
    choice.quality = weighs ? quality(trimmed(parameter.substr(2))) : 0;
    return choice;
}

/// One deflate stream per thread, reset between bodies: deflateInit costs more than compressing a small body.
class Deflater {
public:
    Deflater() { ready_ = deflateInit2(&stream_, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK; }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    std::string compress(std::string_view body) {
        std::string packed;
        if (!ready_ || body.size() > 0x7fffffff || deflateReset(&stream_) != Z_OK) return packed;
        packed.resize(body.size());  // an answer that needs more room than this is better sent as it is
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(body.data()));
        stream_.avail_in = static_cast<uInt>(body.size());
        stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream_.avail_out = static_cast<uInt>(packed.size());
        const bool whole = deflate(&stream_, Z_FINISH) == Z_STREAM_END;
        packed.resize(whole ? packed.size() - stream_.avail_out : 0);
        return packed;
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

}  // namespace

struct GzipStream::State {
    z_stream stream{};
};

GzipStream::GzipStream() : state_(std::make_unique<State>()) {
    if (deflateInit2(&state_->stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

GzipStream::~GzipStream() {
    deflateEnd(&state_->stream);
}

void GzipStream::pack(std::string_view part, bool last, std::string& out) {
    z_stream& stream = state_->stream;
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    do {
        const std::size_t size = out.size();
        out.resize(size + 16 * 1024);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
        stream.avail_out = 16 * 1024;
        deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    } while (stream.avail_out == 0);
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    std::optional<int> named;
    std::optional<int> any;
    int identity = 0;  // acceptable unless named, but never preferred for being unnamed
    while (!accept_encoding.empty()) {
        const auto comma = accept_encoding.find(',');
        const Choice choice = read_choice(accept_encoding.substr(0, comma));
        accept_encoding.remove_prefix(comma == accept_encoding.npos ? accept_encoding.size() : comma + 1);
        const bool is_old_name = coding == "gzip" && equals_ignoring_case(choice.coding, "x-gzip");
        if (equals_ignoring_case(choice.coding, coding) || is_old_name)
            named = choice.quality;
        else if (choice.coding == "*")
            any = choice.quality;
        else if (equals_ignoring_case(choice.coding, "identity"))
            identity = choice.quality;
    }
    const int wanted = named.value_or(any.value_or(0));
    return wanted > 0 && wanted >= identity;
}

bool accepts_gzip(std::string_view accept_encoding) {
    return accepts_coding(accept_encoding, "gzip");
}

bool is_compressible(std::string_view content_type) {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    return type.starts_with("text/") || type == "application/json" || type.ends_with("+json") ||
           type.ends_with("+xml") || type == "application/xml" || type == "application/javascript" ||
           type == "application/yaml";
}

std::string gzip(std::string_view body) {
    thread_local std::unique_ptr<Deflater> deflater;
    if (!deflater) deflater = std::make_unique<Deflater>();
    return deflater->compress(body);
}

}  // namespace tamiti::http
