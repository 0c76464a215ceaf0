#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who the client is when proxies stand in front.
namespace tamiti::http {

/// An IP address as 16 bytes; IPv4 as ::ffff:a.b.c.d, so that one comparison serves both.
using AddressBytes = std::array<std::uint8_t, 16>;

/// Reads "10.0.0.7" or "2001:db8::1"; nothing else, no port, no brackets.
std::optional<AddressBytes> parse_address(std::string_view text);

/// Reads an address as gateways write it, too: "203.0.113.7:51234", "[2001:db8::1]:443", "fe80::1%eth0",
/// "\"[2001:db8::1]\"" (RFC 7239 6).
std::optional<AddressBytes> parse_hop(std::string_view text);

/// The usual text of an address; IPv4 in dots.
std::string format_address(const AddressBytes& address);

/// The configured proxies, as addresses and CIDR blocks.
class Proxies {
public:
    Proxies() = default;
    /// Throws std::runtime_error with a sentence when an entry is neither an address nor a block.
    explicit Proxies(const std::vector<std::string>& entries);

    bool empty() const { return blocks_.empty(); }
    bool trusts(const AddressBytes& address) const;

    /// The right-most hop of X-Forwarded-For that is not itself a trusted proxy. `peer` must be trusted; when
    /// the header is empty or malformed the last hop that a trusted proxy vouched for is the answer. Ports,
    /// brackets and zones are no part of a hop's address; `unread` gets the hop that is none.
    AddressBytes client(const AddressBytes& peer, std::string_view forwarded_for,
                        std::string_view* unread = nullptr) const;

private:
    struct Block {
        AddressBytes address;
        unsigned bits;
    };
    std::vector<Block> blocks_{};
};

}  // namespace tamiti::http
