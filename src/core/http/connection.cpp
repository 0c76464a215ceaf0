#include "core/http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/defer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "core/base/complaint.hpp"
#include "core/http/compression.hpp"

namespace tamiti::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::size_t least_room = 1024;
constexpr std::size_t most_room = 16 * 1024;      ///< for one read of a body
constexpr std::size_t kept = 2 * 1024;            ///< larger ones are given back after the request
constexpr std::size_t lingering_bytes = 1 << 20;  ///< of a refused message that are read and dropped
constexpr milliseconds lingering_time{2'000};

constexpr Fault head_timeout{408, "http.timeout", "The request's head did not arrive in time."};
constexpr Fault body_timeout{408, "http.timeout", "The request's body arrived too slowly."};
constexpr Fault unknown_expectation{417, "http.unknown_expectation", "Only 100-continue may be expected."};
constexpr Fault overloaded{503, "http.overloaded",
                           "The server has too much to do; please try again in a moment."};

}  // namespace

Connection::Connection(Shared& shared, Connections& all, asio::ip::tcp::socket socket,
                       const AddressBytes& peer)
    : shared_(shared),
      all_(all),
      socket_(std::move(socket)),
      peer_(peer),
      trusted_peer_(shared.proxies.trusts(peer)) {
    request_.client_address = format_address(peer);
    in_.resize(first_buffer);
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Connection::~Connection() {
    shared_.budget.drop(holding_);
}

/// Runs one step; whatever it throws (memory) costs this connection and nothing else.
template <class Step>
void Connection::guarded(Step step) {
    try {
        step();
    } catch (...) {
        close();
    }
}

void Connection::start() {
    guarded([this] {
        if (arm(Phase::head)) read();
    });
}

bool Connection::cut(std::int64_t now, bool stopping, bool forced) {
    const auto kind = deadline_.fire(now, stopping);
    if (forced || kind == Deadline::Kind::writing)
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    else if (kind != Deadline::Kind::none)
        ::shutdown(socket_.native_handle(), SHUT_RD);
    return forced || kind != Deadline::Kind::none;
}

/// Enters a phase with its patience. False when the time was up just before.
bool Connection::arm(Phase phase) {
    phase_ = phase;
    const auto& settings = shared_.settings;
    switch (phase) {
        case Phase::idle:
            return deadline_.set(Deadline::Kind::idle, settings.keep_alive);
        case Phase::head:
            return deadline_.set(Deadline::Kind::head, settings.head_timeout);
        case Phase::serving:
            return deadline_.set(Deadline::Kind::none, {});
        case Phase::lingering:
            return deadline_.set(Deadline::Kind::idle, lingering_time);
        case Phase::body:
            return deadline_.set(Deadline::Kind::reading,
                                 std::max(body_due_ - milliseconds(Deadline::now()), 0ms));
        case Phase::writing:
            return deadline_.set(Deadline::Kind::writing,
                                 std::max(write_due_ - milliseconds(Deadline::now()), 0ms));
    }
    return true;
}

void Connection::make_room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (in_.size() - end_ >= least_room) return;
    if (begin_ > 0) {
        std::copy(in_.data() + begin_, in_.data() + end_, in_.data());
        end_ -= std::exchange(begin_, 0);
    }
    if (in_.size() - end_ < least_room) in_.resize(in_.size() * 2);
}

void Connection::read() {
    if (phase_ != Phase::body) make_room();
    if (!hold()) return phase_ == Phase::lingering ? close() : refuse(overloaded, true);
    socket_.async_read_some(asio::buffer(in_.data() + end_, in_.size() - end_),
                            [this](const error_code& error, std::size_t count) {
                                guarded([&] { on_read(count, error.failed()); });
                            });
}

void Connection::on_read(std::size_t count, bool failed) {
    if (phase_ == Phase::lingering) {
        lingered_ += count;
        if (failed || count == 0 || lingered_ > lingering_bytes) return close();
        return read();
    }
    const bool stopped_while_idle = phase_ == Phase::idle && shared_.stopping.load(std::memory_order_relaxed);
    if (failed || count == 0) {
        const bool fired = !deadline_.set(Deadline::Kind::none, {});
        return fired && !stopped_while_idle ? timed_out() : close();
    }
    end_ += count;
    if (phase_ == Phase::body) return read_body();
    if (phase_ == Phase::idle && !arm(Phase::head) && !stopped_while_idle) return close();
    read_head();
}

/// The sweep ended the reading: an idle client is let go, one in mid-message is told.
void Connection::timed_out() {
    if (phase_ == Phase::idle) return close();
    // What was understood of the head points into the buffer, which may have grown since.
    if (phase_ == Phase::head) parse_head(unread(), shared_.limits, head_, fault_);
    refuse(phase_ == Phase::body ? body_timeout : head_timeout, true);
}

void Connection::read_head() {
    switch (parse_head(unread(), shared_.limits, head_, fault_)) {
        case Step::more:
            return read();
        case Step::refused:
            return refuse(fault_, true);
        case Step::done:
            return begin_request();
    }
}

void Connection::begin_request() {
    ++served_;
    request_.method = head_.method;
    request_.path = head_.path;
    request_.query = head_.query;
    request_.host = head_.host;
    request_.headers.swap(head_.headers);
    request_.body = {};
    screened_ = false;
    identify();
    message_end_ = begin_ + head_.size;
    to_file_ = shared_.screener.takes_file && shared_.screener.takes_file(request_);
    if (const Fault fault = check_request()) return refuse(fault, true);
    if (!head_.chunked && head_.content_length.value_or(0) == 0) return admit();
    if (to_file_) return screen();
    begin_body();
}

/// What can be said before a body is read.
Fault Connection::check_request() const {
    if (!to_file_ && head_.content_length.value_or(0) > shared_.settings.max_body)
        return {413, "http.body_too_large", shared_.too_large};
    if (!head_.expect.empty() && head_.http_1_1 && !equals_ignoring_case(head_.expect, "100-continue"))
        return unknown_expectation;
    return {};
}

/// Request id, client address and scheme. Only a configured proxy is believed.
void Connection::identify() {
    if (!trusted_peer_) return make_request_id(request_.id);
    const auto id = request_.header("X-Request-Id");
    if (usable_request_id(id))
        request_.id = id;
    else
        make_request_id(request_.id);
    std::string hops;
    for (const Header& header : request_.headers)
        if (equals_ignoring_case(header.name, "X-Forwarded-For"))
            hops.append(hops.empty() ? "" : ",").append(header.value);
    std::string_view unread;
    request_.client_address = format_address(shared_.proxies.client(peer_, hops, &unread));
    if (!unread.empty()) {
        static Complaint complaint("forwarded.unreadable", std::chrono::minutes(1));
        complaint.make("X-Forwarded-For has no address in " + std::string(unread));
    }
    request_.secure = equals_ignoring_case(request_.header("X-Forwarded-Proto"), "https");
}

void Connection::begin_body() {
    body_.clear();
    body_due_ = milliseconds(Deadline::now()) + shared_.settings.body_grace;
    const std::size_t here = end_ - message_end_;
    if (!head_.chunked && here >= *head_.content_length) {
        request_.body = {in_.data() + message_end_, static_cast<std::size_t>(*head_.content_length)};
        message_end_ += request_.body.size();
        return admit();
    }
    chunks_ = ChunkedDecoder(shared_.settings.max_body);
    if (needs_screening()) return screen();
    if (here == 0 && !head_.expect.empty() && head_.http_1_1) return invite_body();
    if (!arm(Phase::body)) return timed_out();
    read_body();
}

/// Expect: 100-continue, and the limits are kept: the client may send on.
void Connection::invite_body() {
    static constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!arm(Phase::body)) return timed_out();
    asio::async_write(socket_, asio::buffer(invitation), [this](const error_code& error, std::size_t) {
        guarded([&] { error ? close() : read_body(); });
    });
}

/// Moves what arrived behind the head into body_ and reads on behind the head, which must stay where it is.
void Connection::read_body() {
    if (incoming_) return read_file();
    const std::size_t fresh = end_ - message_end_;
    credit_body(fresh);
    if (head_.chunked ? take_chunked_body() : take_length_body(fresh)) return;
    if (needs_screening()) return screen();
    if (!arm(Phase::body)) return timed_out();
    make_body_room();
    read();
}

/// What arrives buys time at the least rate, and never more than the grace: a client may stall that long and
/// no longer.
void Connection::credit_body(std::size_t fresh) {
    const auto& settings = shared_.settings;
    const auto most = milliseconds(Deadline::now()) + settings.body_grace;
    body_due_ =
        std::min(body_due_ + milliseconds(fresh * 1000 / std::max<std::size_t>(settings.body_rate, 1)), most);
}

/// The views of the request point into the buffer, so after growing they are taken again.
void Connection::make_body_room() {
    const auto missing = static_cast<std::size_t>(head_.content_length.value_or(most_room)) - body_.size();
    const std::size_t wanted = std::clamp(missing, least_room, most_room);
    if (in_.size() - end_ >= std::min(wanted, in_.size() / 2)) return;
    in_.resize(end_ + wanted);
    parse_head({in_.data() + begin_, message_end_ - begin_}, shared_.limits, head_, fault_);
    request_.path = head_.path;
    request_.query = head_.query;
    request_.host = head_.host;
    request_.headers.swap(head_.headers);
}

/// True when the body is whole and on its way.
bool Connection::take_length_body(std::size_t fresh) {
    const auto missing = static_cast<std::size_t>(*head_.content_length) - body_.size();
    const std::size_t part = std::min(fresh, missing);
    body_.append(in_.data() + message_end_, part);
    if (part < missing) {
        end_ = message_end_;
        return false;
    }
    message_end_ += part;
    request_.body = body_;
    admit();
    return true;
}

bool Connection::take_chunked_body() {
    const auto [step, consumed] = chunks_.feed({in_.data() + message_end_, end_ - message_end_}, body_);
    if (step == Step::more) {
        end_ = message_end_;
        return false;
    }
    message_end_ += consumed;
    request_.body = body_;
    if (step == Step::refused && chunks_.fault().status == 413)
        refuse({413, "http.body_too_large", shared_.too_large}, true);
    else if (step == Step::refused)
        refuse(chunks_.fault(), true);
    else
        admit();
    return true;
}

void Connection::admit() {
    if (!arm(Phase::serving)) return timed_out();
    know_asker();
    enter();
}

/// Asks for a place. Of what was to be screened the body isn't there, so a refusal ends the connection.
void Connection::enter() {
    switch (shared_.gate.enter(this, asker_, Gate::Clock::now())) {
        case Gate::Entry::serve:
            return serve();
        case Gate::Entry::wait:
            return;  // the gate calls turn() or turn_refused(), maybe on another thread already
        case Gate::Entry::refused:
            return refuse(overloaded, screens_);
    }
}

bool Connection::turn() {
    try {
        // On this thread, which is about to be free: to wake another would cost more than most requests.
        asio::defer(shared_.io, [this] { guarded([this] { serve(); }); });
        return true;
    } catch (...) {  // no memory to hand it over
        close();
        return false;
    }
}

void Connection::turn_refused() {
    try {
        asio::post(shared_.io, [this] { guarded([this] { refuse(overloaded, screens_); }); });
    } catch (...) {
        close();
    }
}

/// Whose places the request takes: of the person whose credentials it brings, or of its address. What isn't
/// known yet takes those of the address, too, since whoever likes can send other bytes each time.
void Connection::know_asker() {
    credentials_ = 0;
    for (const Header& header : request_.headers)
        if (equals_ignoring_case(header.name, "Authorization") || equals_ignoring_case(header.name, "Cookie"))
            credentials_ = credentials_ * 31 + (fast_hash(header.value) ^ shared_.seeds.credentials);
    const Gate::Asker address = fast_hash(request_.client_address) ^ shared_.seeds.address;
    asker_ = credentials_ == 0 ? address : shared_.gate.asker_of(credentials_, address);
}

void Connection::serve() {
    if (screens_) return after_screening();
    bool failed = false;
    const auto began = Gate::Clock::now();
    try {
        response_ = shared_.serve(request_);
    } catch (...) {
        failed = true;
    }
    leave(failed ? std::string_view() : response_.asker, Gate::Clock::now() - began);
    if (failed) return refuse(broken, false);
    closing_ = response_.close;
    respond();
}

/// Gives the place to the next in line that can take it; without any it is free again.
void Connection::leave(std::string_view asker, Gate::Clock::duration took) {
    const Gate::Asker served = asker_;
    if (credentials_ != 0 && !asker.empty()) {
        asker_ = fast_hash(asker) ^ shared_.seeds.person;
        if (asker_ != served) shared_.gate.know(credentials_, asker_);
    }
    Connection* next = shared_.gate.leave(served, took);
    while (next) {
        const Gate::Asker whose = next->asker_;
        if (next->turn()) break;
        next = shared_.gate.leave(whose, {});  // it is gone
    }
}

/// The server's own answer. With `close` the connection ends, for nobody knows where the next message begins.
void Connection::refuse(const Fault& fault, bool close) {
    if (request_.id.empty()) make_request_id(request_.id);
    if (shared_.refused)
        shared_.refused({fault.status, fault.code, fault.sentence, head_.method_name, head_.target,
                         request_.client_address, request_.id});
    response_ = problem_response(fault, request_.id);
    closing_ = close;
    respond();
}

/// True when the answer may vary by Accept-Encoding.
bool Connection::may_compress() const {
    const bool is_long = response_.produce || response_.body.size() >= shared_.settings.compress_from;
    if (!is_long || !is_compressible(response_.content_type)) return false;
    for (const auto& [name, value] : response_.headers)
        if (equals_ignoring_case(name, "Content-Encoding")) return false;
    return true;
}

void Connection::respond() {
    const auto& settings = shared_.settings;
    Framing framing{.id = request_.id, .http_1_1 = head_.http_1_1};
    closing_ |= !head_.keep_alive || served_ >= settings.keep_alive_requests ||
                shared_.stopping.load(std::memory_order_relaxed);
    framing.close = closing_;
    framing.varies_by_encoding = may_compress();
    if (response_.produce) return begin_stream(framing);
    if (framing.varies_by_encoding && accepts_gzip(request_.header("Accept-Encoding"))) {
        std::string packed = gzip(response_.body);
        framing.gzipped = !packed.empty();
        if (framing.gzipped) response_.body = std::move(packed);
    }
    out_.clear();
    write_head(response_, framing, out_);
    send_body_ = head_.method != Method::head && response_.status != 204 && response_.status != 304;
    if (!send_body_) response_.body.clear();
    written_ = 0;
    const std::array<asio::const_buffer, 2> parts{asio::buffer(out_), asio::buffer(response_.body)};
    error_code error;
    written_ = socket_.write_some(parts, error);
    if (error && error != asio::error::would_block) return close();
    if (written_ == out_.size() + response_.body.size()) return after_write();
    write_due_ = milliseconds(Deadline::now()) + settings.write_timeout;
    write_rest();
}

/// What a client reads buys time at the least rate, and never more than the time-out.
void Connection::credit_write(std::size_t count) {
    const auto& settings = shared_.settings;
    const auto most = milliseconds(Deadline::now()) + settings.write_timeout;
    write_due_ = std::min(
        write_due_ + milliseconds(count * 1000 / std::max<std::size_t>(settings.write_rate, 1)), most);
}

/// The client takes the answer slower than it was made.
void Connection::write_rest() {
    if (!arm(Phase::writing) || !hold()) return close();
    const std::size_t from_body = written_ - std::min(written_, out_.size());
    const std::array<asio::const_buffer, 2> parts{asio::buffer(out_) + written_,
                                                  asio::buffer(response_.body) + from_body};
    socket_.async_write_some(parts, [this](const error_code& error, std::size_t count) {
        guarded([&] {
            written_ += count;
            if (error) return close();
            credit_write(count);
            if (written_ == out_.size() + response_.body.size()) return after_part();
            write_rest();
        });
    });
}

/// What was to be written is: of a stream the next part follows.
void Connection::after_part() {
    if (!streaming_) return after_write();
    asio::post(shared_.io, [this] { guarded([this] { next_part(); }); });  // others may go first
}

/// Makes ready for the next request; what grew large is given back. Nothing may point into the buffer any
/// more, which the next message overwrites.
void Connection::forget() {
    request_.headers.clear();
    request_.path = request_.query = request_.host = request_.body = {};
    if (body_.capacity() > kept) body_ = {};
    if (response_.body.capacity() > kept || response_.produce) response_ = {};
    if (out_.capacity() > kept) out_ = {};
    packer_.reset();
    request_.file.reset();
    if (begin_ == end_ && in_.size() > first_buffer) in_ = std::vector<char>(first_buffer);
    hold();
    request_.id.clear();
    request_.secure = false;
    if (trusted_peer_) request_.client_address = format_address(peer_);
}

void Connection::after_write() {
    if (closing_) return linger();
    begin_ = message_end_;
    forget();
    if (begin_ == end_) {
        if (!arm(Phase::idle)) return close();
        return read();
    }
    if (!arm(Phase::head)) return close();
    asio::post(shared_.io, [this] { guarded([this] { read_head(); }); });  // others may go first
}

/// Ends the sending and drops what the client still sends: closing at once would reset the connection, and
/// the client could lose the answer that tells it why.
void Connection::linger() {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    begin_ = end_ = 0;
    forget();
    if (!arm(Phase::lingering)) return close();
    read();
}

void Connection::close() {
    all_.remove(*this);
}

}  // namespace tamiti::http
