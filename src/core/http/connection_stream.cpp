#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "core/base/log.hpp"
#include "core/http/connection.hpp"

/// Answers whose body is made while it is sent: one part is made when the one before has been written, so
/// that a slow client holds one part in memory and no more.
namespace tamiti::http {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

/// Bytes that may wait in the kernel unsent: with its usual megabytes nobody could tell a slow reader from a
/// dead one.
constexpr int unsent_bytes = 64 * 1024;

}  // namespace

void Connection::begin_stream(const Framing& given) {
    Framing framing = given;
    framing.streamed = true;
    if (!head_.http_1_1) framing.close = closing_ = true;  // whose only mark of the end it is
    framing.gzipped = framing.varies_by_encoding && accepts_gzip(request_.header("Accept-Encoding"));
    response_.body.clear();
    out_.clear();
    write_head(response_, framing, out_);
    written_ = 0;
    write_due_ = milliseconds(Deadline::now()) + shared_.settings.write_timeout;
    streaming_ = head_.method != Method::head;
    if (!streaming_) {
        response_.produce = nullptr;
        return write_part();
    }
    if (framing.gzipped) packer_ = std::make_unique<GzipStream>();
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
    write_part();
}

/// Makes the next part. Nothing but the end of the connection can tell the client of a fault now.
void Connection::next_part() {
    if (!arm(Phase::serving)) return close();
    std::string part;
    try {
        streaming_ = response_.produce(part);
        if (packer_) {
            std::string packed;
            packer_->pack(part, !streaming_, packed);
            part = std::move(packed);
        }
    } catch (const std::exception& error) {
        log::error("stream_failed", {{"request", request_.id}, {"error", error.what()}});
        return abort();
    }
    out_.clear();
    if (head_.http_1_1)
        write_chunk(part, !streaming_, out_);
    else
        out_ = std::move(part);
    if (!streaming_) response_.produce = nullptr;  // what it holds is needed elsewhere
    written_ = 0;
    write_part();
}

void Connection::write_part() {
    error_code error;
    if (!out_.empty()) written_ = socket_.write_some(asio::buffer(out_), error);
    if (error && error != asio::error::would_block) return close();
    credit_write(written_);
    if (written_ == out_.size()) return after_part();
    write_rest();
}

/// Resets the connection, so that the client can't take what it has for the whole.
void Connection::abort() {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

}  // namespace tamiti::http
