#include <algorithm>

#include "core/base/text.hpp"
#include "core/http/connection.hpp"

/// What one client may take before we know who it is, and how much it may make us hold.
namespace tamiti::http {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t step = 4 * 1024;  ///< what is held is counted in so many bytes
constexpr std::size_t of_packer = 256 * 1024;

}  // namespace

/// Whether more than a little of a body is to come, or one for a file, of which nobody has said that we take
/// it.
bool Connection::needs_screening() const {
    if (screened_ || !shared_.screener.look) return false;
    return to_file_ || head_.content_length.value_or(body_.size()) > shared_.settings.screen_from;
}

/// Has the head looked at. That may ask the database, so it takes a place like a request.
void Connection::screen() {
    if (!arm(Phase::serving)) return timed_out();
    know_asker();
    screens_ = true;
    enter();
}

/// Has it looked at, and reads on where nobody objects. The time of the body begins anew: until now it was
/// the client that waited.
void Connection::after_screening() {
    Screening screening;
    bool failed = false;
    try {
        screening = shared_.screener.look(request_);
    } catch (...) {
        failed = true;
    }
    screens_ = false;
    screened_ = true;
    leave(screening.asker, {});
    if (failed) return refuse(broken, true);
    if (screening.refusal) {
        response_ = std::move(*screening.refusal);
        closing_ = true;  // whatever follows is the body that nobody wants
        return respond();
    }
    if (to_file_) return await_file(screening);
    body_due_ = milliseconds(Deadline::now()) + shared_.settings.body_grace;
    const bool waits = end_ == message_end_ && body_.empty() && !head_.expect.empty() && head_.http_1_1;
    if (waits) return invite_body();
    if (!arm(Phase::body)) return timed_out();
    read_body();
}

/// Bytes that it holds beyond its first buffer, without the first of them.
std::size_t Connection::held() const {
    std::size_t bytes = in_.capacity() - std::min(in_.capacity(), first_buffer);
    bytes += body_.capacity() + out_.capacity() + response_.body.capacity() + (packer_ ? of_packer : 0);
    return bytes / step * step;
}

/// Claims what it holds now; false where there is no room for it. Of most requests that is nothing.
bool Connection::hold() {
    const std::size_t bytes = held();
    if (bytes == claimed_) return true;
    Budget::Claim claim{.bytes = bytes};
    // A proxy holds for others, whose addresses their heads tell.
    if (request_.client_address != format_address(peer_) || !trusted_peer_)
        claim.address = fast_hash(request_.client_address) ^ shared_.seeds.address;
    if (phase_ != Phase::head && phase_ != Phase::idle) claim.asker = asker_;
    if (!shared_.budget.hold(holding_, claim, Budget::Clock::now())) return false;
    claimed_ = bytes;
    return true;
}

}  // namespace tamiti::http
