#include "core/http/chunked.hpp"

#include <algorithm>

#include "core/http/characters.hpp"

namespace tamiti::http {
namespace {

constexpr unsigned most_digits = 8;  // 4 GiB, far beyond any cap, and no overflow of 64 bits

constexpr Fault malformed(std::string_view sentence) {
    return {400, "http.malformed_chunk", sentence};
}

}  // namespace

bool ChunkedDecoder::refuse(const Fault& fault) {
    fault_ = fault;
    state_ = State::refused;
    return false;
}

/// One byte of framing. False when it was refused.
bool ChunkedDecoder::take(char c) {
    switch (state_) {
        case State::size:
            if (is(c, hex_digit)) {
                if (++digits_ > most_digits) return refuse(malformed("A chunk's size has too many digits."));
                left_ = left_ * 16 + hex_value(c);
                return true;
            }
            if (digits_ == 0) return refuse(malformed("A chunk does not begin with its size."));
            if (c == ';') return refuse(malformed("Chunk extensions are not taken."));
            if (c != '\r')
                return refuse(malformed("A chunk's size is followed by something else than a line end."));
            state_ = State::size_lf;
            return true;
        case State::size_lf:
            if (c != '\n') return refuse(malformed("A chunk's size line does not end in CR LF."));
            state_ = left_ == 0 ? State::last_cr : State::data;
            digits_ = 0;
            return true;
        case State::data_cr:
        case State::data_lf:
            if (c != (state_ == State::data_cr ? '\r' : '\n'))
                return refuse(malformed("A chunk is longer than its size says."));
            state_ = state_ == State::data_cr ? State::data_lf : State::size;
            return true;
        case State::last_cr:
            if (c != '\r') return refuse(malformed("Trailers are not taken."));
            state_ = State::last_lf;
            return true;
        case State::last_lf:
            if (c != '\n') return refuse(malformed("The last chunk does not end in CR LF."));
            state_ = State::done;
            return true;
        default:
            return false;
    }
}

ChunkedDecoder::Result ChunkedDecoder::feed(std::string_view bytes, std::string& body) {
    std::size_t at = 0;
    while (at < bytes.size() && state_ != State::done) {
        if (state_ == State::data) {
            const std::size_t part = std::min(left_, bytes.size() - at);
            body.append(bytes.substr(at, part));
            at += part;
            left_ -= part;
            if (left_ == 0) state_ = State::data_cr;
            continue;
        }
        if (!take(bytes[at])) return {Step::refused, at};
        ++at;
        if (state_ == State::data && left_ > max_body_ - std::min(max_body_, body.size())) {
            refuse({413, "http.body_too_large", "The request's body is larger than this server takes."});
            return {Step::refused, at};
        }
    }
    return {state_ == State::done ? Step::done : Step::more, at};
}

}  // namespace tamiti::http
