#include <algorithm>

#include "core/base/problem.hpp"
#include "core/http/connection.hpp"

/// Bodies that go to a file, once their heads were looked at.
namespace tamiti::http {
namespace {

using std::chrono::milliseconds;

constexpr Fault no_room{
    503, "http.uploads_busy",
    "Too many files are on their way at once, or too many of yours. Try again in a moment."};
constexpr Fault disk_full{507, "http.storage_full", "There is no room on the server for the file."};
constexpr std::size_t kept_part = 64 * 1024;

}  // namespace

/// Takes room for the file and reads on, or invites the client to send it.
void Connection::await_file(const Screening& screening) {
    const auto bytes = static_cast<std::size_t>(head_.content_length.value_or(screening.most_of_file));
    auto room = shared_.intake_room.take(screening.asker, bytes);
    if (!room) return refuse(no_room, true);
    try {
        incoming_ = std::make_unique<IncomingFile>(screening.most_of_file, std::move(room));
    } catch (const Problem&) {
        return refuse(disk_full, true);
    }
    body_.clear();
    chunks_ = ChunkedDecoder(screening.most_of_file);
    const milliseconds now(Deadline::now());
    body_due_ = now + shared_.settings.body_grace;
    intake_due_ = now + shared_.settings.intake_time;
    if (end_ == message_end_ && !head_.expect.empty() && head_.http_1_1) return invite_body();
    read_file();
}

/// Moves what arrived behind the head into the file and reads on behind the head, which must stay where it
/// is.
void Connection::read_file() {
    const std::size_t fresh = end_ - message_end_;
    credit_body(fresh);
    body_due_ = std::min(body_due_, intake_due_);
    bool is_whole = false;
    try {
        if (const Fault fault = take_into_file({in_.data() + message_end_, fresh}, is_whole))
            return refuse(fault, true);
    } catch (const Problem&) {
        return refuse(disk_full, true);
    }
    if (is_whole) {
        request_.file = incoming_->finish();
        incoming_.reset();
        return admit();
    }
    end_ = message_end_;
    if (!arm(Phase::body)) return timed_out();
    make_body_room();
    read();
}

/// What arrived goes into the file as far as it belongs to this message, whose end moves behind it with the
/// last of it.
Fault Connection::take_into_file(std::string_view arrived, bool& is_whole) {
    const Fault too_large{413, "http.body_too_large", incoming_->limit_sentence()};
    if (!head_.chunked) {
        const auto missing = static_cast<std::size_t>(*head_.content_length) - incoming_->size();
        const std::string_view part = arrived.substr(0, missing);
        if (!incoming_->write(part)) return too_large;
        is_whole = part.size() == missing;
        if (is_whole) message_end_ += part.size();
        return {};
    }
    const auto [step, consumed] = chunks_.feed(arrived, body_);
    if (step == Step::refused) return chunks_.fault().status == 413 ? too_large : chunks_.fault();
    if (!incoming_->write(body_)) return too_large;
    body_.clear();
    if (body_.capacity() > kept_part) body_ = {};
    is_whole = step == Step::done;
    if (is_whole) message_end_ += consumed;
    return {};
}

}  // namespace tamiti::http
