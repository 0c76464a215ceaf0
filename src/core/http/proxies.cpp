#include "core/http/proxies.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace tamiti::http {
namespace {

constexpr AddressBytes v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_v4(const AddressBytes& address) {
    return std::equal(address.begin(), address.begin() + 12, v4_prefix.begin());
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool same_prefix(const AddressBytes& a, const AddressBytes& b, unsigned bits) {
    const unsigned whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    const unsigned rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
    char copy[INET6_ADDRSTRLEN] = {};
    if (text.empty() || text.size() >= sizeof copy) return {};
    std::copy(text.begin(), text.end(), copy);
    AddressBytes bytes = v4_prefix;
    if (inet_pton(AF_INET, copy, bytes.data() + 12) == 1) return bytes;
    if (inet_pton(AF_INET6, copy, bytes.data()) == 1) return bytes;
    return {};
}

std::optional<AddressBytes> parse_hop(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    const auto is_port = [](std::string_view rest) {
        return rest.empty() || (rest.size() <= 6 && rest.front() == ':' &&
                                rest.find_first_not_of("0123456789", 1) == rest.npos);
    };
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos || !is_port(text.substr(end + 1))) return {};
        text = text.substr(1, end - 1);
    } else if (const auto colon = text.find(':');
               colon != text.npos && text.find('.') < colon && is_port(text.substr(colon))) {
        text = text.substr(0, colon);  // of IPv4: one in IPv6 has its first colon before any point
    }
    return parse_address(text.substr(0, text.find('%')));
}

std::string format_address(const AddressBytes& address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (is_v4(address))
        inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, address.data(), text, sizeof text);
    return text;
}

Proxies::Proxies(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        const std::string_view text = trimmed(entry);
        if (text.empty()) continue;
        const auto slash = text.find('/');
        const auto address = parse_address(text.substr(0, slash));
        const unsigned longest = address && is_v4(*address) ? 32 : 128;
        unsigned bits = longest;
        bool valid = address.has_value();
        if (valid && slash != text.npos) {
            const auto digits = text.substr(slash + 1);
            const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
            valid = error == std::errc{} && end == digits.data() + digits.size() && bits <= longest;
        }
        if (!valid)
            throw std::runtime_error("The trusted proxy \"" + entry +
                                     "\" is neither an address nor a block like 10.0.0.0/8.");
        blocks_.push_back({*address, bits + (128 - longest)});
    }
}

bool Proxies::trusts(const AddressBytes& address) const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](const Block& block) { return same_prefix(address, block.address, block.bits); });
}

AddressBytes Proxies::client(const AddressBytes& peer, std::string_view forwarded_for,
                             std::string_view* unread) const {
    AddressBytes hop = peer;
    while (!forwarded_for.empty() && trusts(hop)) {
        const auto comma = forwarded_for.rfind(',');
        const auto text =
            trimmed(comma == forwarded_for.npos ? forwarded_for : forwarded_for.substr(comma + 1));
        const auto next = parse_hop(text);
        if (!next) {
            if (unread) *unread = text;
            break;
        }
        hop = *next;
        forwarded_for = comma == forwarded_for.npos ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return hop;
}

}  // namespace tamiti::http
