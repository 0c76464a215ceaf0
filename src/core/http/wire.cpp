#include "core/http/wire.hpp"

#include <sys/random.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <random>
#include <utility>

#include "core/base/problem.hpp"
#include "core/http/characters.hpp"

namespace tamiti::http {
namespace {

constexpr std::pair<int, std::string_view> reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

std::string_view reason_of(int status) {
    for (const auto& [code, reason] : reasons)
        if (code == status) return reason;
    return "";
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

/// The Date header's line for now, made anew once per second and thread.
std::string_view date_line() {
    thread_local std::time_t made_for = -1;
    thread_local std::array<char, 48> line{};
    thread_local std::size_t length = 0;
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != made_for) {
        std::tm parts{};
        gmtime_r(&now.tv_sec, &parts);
        length = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        made_for = now.tv_sec;
    }
    return {line.data(), length};
}

bool safe_header(std::string_view name, std::string_view value) {
    if (name.empty()) return false;
    for (const char c : name)
        if (!is(c, token_char)) return false;
    for (const char c : value)
        if (!is(c, value_char)) return false;
    return true;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void write_head(const Response& response, const Framing& framing, std::string& out) {
    if (response.status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        out += "HTTP/1.1 ";
        append_number(out, static_cast<std::size_t>(response.status));
        out.append(1, ' ').append(reason_of(response.status)).append("\r\n");
    }
    out += date_line();
    const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
    if (!bodiless) {
        if (!response.content_type.empty() && safe_header("Content-Type", response.content_type))
            append_header(out, "Content-Type", response.content_type);
        if (!framing.streamed) {
            out += "Content-Length: ";
            append_number(out, response.body.size());
            out += "\r\n";
        } else if (framing.http_1_1) {
            out += "Transfer-Encoding: chunked\r\n";
        }
    }
    if (!framing.id.empty()) append_header(out, "X-Request-Id", framing.id);
    for (const auto& [name, value] : response.headers)
        if (safe_header(name, value)) append_header(out, name, value);
    if (framing.varies_by_encoding) out += "Vary: Accept-Encoding\r\n";
    if (framing.gzipped) out += "Content-Encoding: gzip\r\n";
    if (framing.close)
        out += "Connection: close\r\n";
    else if (!framing.http_1_1)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

void write_chunk(std::string_view part, bool last, std::string& out) {
    if (!part.empty()) {
        std::array<char, 16> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), part.size(), 16).ptr;
        out.append(digits.data(), end).append("\r\n").append(part).append("\r\n");
    }
    if (last) out += "0\r\n\r\n";
}

Response problem_response(const Fault& fault, std::string_view id) {
    Response response;
    response.status = fault.status;
    response.content_type = "application/problem+json";
    response.body = Problem(fault.status, std::string(fault.code), std::string(fault.sentence)).json(id);
    if (fault.status == 503 || fault.status == 429) response.set("Retry-After", "1");
    return response;
}

void make_request_id(std::string& id) {
    constexpr std::string_view digits = "0123456789abcdef";
    thread_local std::array<std::uint8_t, 256> pool;  // as much as one system call gives for certain
    thread_local std::size_t used = pool.size();
    if (used == pool.size()) {
        if (getrandom(pool.data(), pool.size(), 0) != static_cast<ssize_t>(pool.size())) {
            std::random_device source;
            for (auto& byte : pool) byte = static_cast<std::uint8_t>(source());
        }
        used = 0;
    }
    id.resize(32);
    for (std::size_t i = 0; i < 16; ++i, ++used) {
        id[2 * i] = digits[pool[used] >> 4];
        id[2 * i + 1] = digits[pool[used] & 15];
    }
}

bool usable_request_id(std::string_view id) {
    if (id.size() < 8 || id.size() > 64) return false;
    for (const char c : id)
        if (!is(c, token_char)) return false;
    return true;
}

}  // namespace tamiti::http
