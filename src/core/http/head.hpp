#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/http/fault.hpp"
#include "core/http/message.hpp"

/// The one parser of request heads (RFC 9112 sections 2 to 6). It accepts less than the RFC lets a server
/// accept: what two parsers could read differently is refused, since that is what request smuggling is made
/// of.
namespace tamiti::http {

struct HeadLimits {
    std::size_t target = 8 * 1024;  ///< bytes of the request target, beyond it 414
    std::size_t headers = 100;      ///< header lines, beyond it 431
    std::size_t head = 16 * 1024;   ///< bytes of the whole head with its empty line, beyond it 431
};

/// A checked head. Views point into the bytes that were parsed.
struct Head {
    Method method = Method::get;
    std::string_view method_name{};  ///< as received, also when the method is refused
    std::string_view target{};       ///< as received
    std::string_view path{};         ///< "/" and on, still percent-encoded; "*" for OPTIONS *
    std::string_view query{};        ///< without "?"
    std::string_view host{};         ///< uri-host[:port], checked for form
    bool http_1_1 = true;
    bool keep_alive = true;
    bool chunked = false;
    std::string_view expect{};                      ///< the Expect header, as sent
    std::optional<std::uint64_t> content_length{};  ///< saturates at 2^63
    std::vector<Header> headers{};
    std::size_t size = 0;  ///< bytes up to and with the empty line; the body begins here
};

/// Reads a head from the start of `bytes`. `more`: nothing wrong so far, call again with a longer view.
/// `refused`: `fault` says why, and the connection must be closed, for nobody knows where the message ends.
/// `head` is reused: its vector keeps its capacity.
Step parse_head(std::string_view bytes, const HeadLimits& limits, Head& head, Fault& fault);

/// Whether `host` is uri-host[:port] as this server takes it: a name of letters, digits, "-", "_" and ".", an
/// IPv4 address or an IPv6 address in brackets; the port 1 to 5 digits and at most 65535.
bool valid_host(std::string_view host);

}  // namespace tamiti::http
