#pragma once

#include <memory>
#include <string>
#include <string_view>

/// gzip for answers (RFC 9110 8.4 and 12.5.3).
namespace tamiti::http {

/// Whether an Accept-Encoding header allows that coding, "br" or "gzip", and does not prefer an uncompressed
/// answer.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

/// Whether an Accept-Encoding header allows gzip and does not prefer an uncompressed answer.
bool accepts_gzip(std::string_view accept_encoding);

/// Whether a type is text that shrinks: text/*, JSON, XML, SVG, JavaScript. Parameters are ignored.
bool is_compressible(std::string_view content_type);

/// The body as a gzip member at zlib level 1. The deflate state is kept per thread (256 KiB). Empty when zlib
/// fails or when nothing would be saved: send the body as it is then.
std::string gzip(std::string_view body);

/// A gzip member that is made part by part.
class GzipStream {
public:
    GzipStream();  ///< throws std::bad_alloc without memory for its state (256 KiB)
    ~GzipStream();

    /// Appends what the part adds to the member; with `last` all that is left.
    void pack(std::string_view part, bool last, std::string& out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tamiti::http
