#pragma once

#include <string>
#include <string_view>

#include "core/http/fault.hpp"
#include "core/http/message.hpp"

/// Answers as bytes.
namespace tamiti::http {

/// What the server adds to an answer.
struct Framing {
    std::string_view id{};  ///< X-Request-Id; left out when empty
    bool http_1_1 = true;   ///< version of the request
    bool close = false;     ///< say that the connection ends
    bool gzipped = false;   ///< the body is compressed
    bool varies_by_encoding = false;
    bool streamed = false;  ///< the body's length isn't known: chunked, or to HTTP/1.0 until the end
};

/// Appends status line and headers with the empty line. Content-Length is that of `response.body`, also for
/// HEAD; 204, 304 and streams have none. A header of the response whose name or value could end its line is
/// left out: nothing an app echoes can split an answer.
void write_head(const Response& response, const Framing& framing, std::string& out);

/// Appends a part of a stream as a chunk (RFC 9112 7.1), and the end of it all with `last`. An empty part
/// that isn't the last adds nothing.
void write_chunk(std::string_view part, bool last, std::string& out);

/// The application/problem+json answer to a refused message (RFC 9457); the only place where the server
/// writes one. 503 and 429 get Retry-After. The connection ends after it unless the message was whole.
Response problem_response(const Fault& fault, std::string_view id);

/// A fresh request id: 128 random bits in 32 lower-case hex digits, written over `id`.
void make_request_id(std::string& id);

/// Whether a request id of a trusted proxy may be taken over: 8 to 64 token characters.
bool usable_request_id(std::string_view id);

}  // namespace tamiti::http
