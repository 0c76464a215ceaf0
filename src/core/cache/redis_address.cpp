#include "core/cache/redis_address.hpp"

#include <sys/un.h>

#include <charconv>

namespace tamiti {
namespace {

std::optional<int> number_in(std::string_view text, int least, int most) {
    int number = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (status != std::errc{} || end != text.data() + text.size() || number < least || number > most)
        return std::nullopt;
    return number;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || status != std::errc{} || end != digits.data() + 2) return std::nullopt;
        decoded += static_cast<char>(byte);
        at += 2;
    }
    return decoded;
}

std::optional<RedisAddress> parse_socket(std::string_view rest) {
    RedisAddress address;
    if (const std::size_t question = rest.find('?'); question != rest.npos) {
        if (!rest.substr(question).starts_with("?db=")) return std::nullopt;
        const auto database = number_in(rest.substr(question + 4), 0, 9999);
        if (!database) return std::nullopt;
        address.database = *database;
        rest = rest.substr(0, question);
    }
    if (!rest.starts_with('/') || rest.size() >= sizeof(sockaddr_un::sun_path)) return std::nullopt;
    address.socket = rest;
    return address;
}

bool read_user(std::string_view text, RedisAddress& address) {
    const std::size_t colon = text.find(':');
    const auto user = percent_decoded(text.substr(0, colon));
    const auto password = colon == text.npos ? std::string() : percent_decoded(text.substr(colon + 1));
    if (!user || !password) return false;
    address.user = *user;
    address.password = *password;
    return true;
}

// host, host:port, [::1] or [::1]:port
bool read_host(std::string_view text, RedisAddress& address) {
    std::size_t host_end = text.find(':');
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == text.npos) return false;
        address.host = text.substr(1, bracket - 1);
        host_end = bracket + 1;
        if (host_end < text.size() && text[host_end] != ':') return false;
    } else {
        address.host = text.substr(0, host_end);
    }
    if (host_end < text.size()) {
        const auto port = number_in(text.substr(host_end + 1), 1, 65535);
        if (!port) return false;
        address.port = *port;
    }
    return !address.host.empty();
}

}  // namespace

std::string RedisAddress::text() const {
    if (!socket.empty()) return socket;
    return host + ":" + std::to_string(port);
}

std::optional<RedisAddress> parse_redis_url(std::string_view url) {
    if (url.starts_with("unix://")) return parse_socket(url.substr(7));
    if (url.starts_with("unix:")) return parse_socket(url.substr(5));
    if (!url.starts_with("redis://")) return std::nullopt;
    RedisAddress address;
    std::string_view rest = url.substr(8);
    if (const std::size_t slash = rest.find('/'); slash != rest.npos) {
        const std::string_view database = rest.substr(slash + 1);
        const auto number = database.empty() ? std::optional<int>(0) : number_in(database, 0, 9999);
        if (!number) return std::nullopt;
        address.database = *number;
        rest = rest.substr(0, slash);
    }
    if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
        if (!read_user(rest.substr(0, at), address)) return std::nullopt;
        rest = rest.substr(at + 1);
    }
    return read_host(rest, address) ? std::optional(address) : std::nullopt;
}

}  // namespace tamiti
