#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/fault.hpp"

namespace tamiti::http {

/// Decodes a chunked body (RFC 9112 7.1) as it arrives. Stricter than the RFC: no chunk extensions and no
/// trailers, since nobody here reads them and both have smuggled requests; at most 8 hex digits; CR LF and
/// nothing else.
class ChunkedDecoder {
public:
    explicit ChunkedDecoder(std::size_t max_body) : max_body_(max_body) {}

    /// What one call did.
    struct Result {
        Step step = Step::more;
        std::size_t consumed = 0;  ///< bytes of the input that belong to this message
    };

    /// Appends decoded bytes to `body`. With `more`, everything was consumed. With `done`, what follows
    /// `consumed` is the next message. With `refused`, fault() says why and the connection must be closed.
    Result feed(std::string_view bytes, std::string& body);

    const Fault& fault() const { return fault_; }

private:
    enum class State : std::uint8_t {
        size,
        size_lf,
        data,
        data_cr,
        data_lf,
        last_cr,
        last_lf,
        done,
        refused
    };

    bool take(char c);
    bool refuse(const Fault& fault);

    std::size_t max_body_;
    std::size_t left_ = 0;  ///< of this chunk
    unsigned digits_ = 0;
    State state_ = State::size;
    Fault fault_{};
};

}  // namespace tamiti::http
