// What core/http reads in a message, for the proof `framing`: standard input is a series of messages, each
// after its length in four bytes, low one first; standard output has a line for each: "refused STATUS",
// "more", or "done BODY-SIZE BODY-CRC32 CONSUMED".
#include <zlib.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/http/chunked.hpp"
#include "core/http/head.hpp"

namespace {

using namespace tamiti::http;

constexpr std::size_t max_body = 1 << 20;

void report(std::string_view message) {
    Head head;
    Fault fault;
    Step step = parse_head(message, {}, head, fault);
    std::string body;
    std::size_t end = head.size;
    if (step == Step::done && head.chunked) {
        ChunkedDecoder decoder(max_body);
        const auto result = decoder.feed(message.substr(end), body);
        step = result.step;
        fault = decoder.fault();
        end += result.consumed;
    } else if (step == Step::done && head.content_length.value_or(0) > max_body) {
        step = Step::refused;
        fault.status = 413;
    } else if (step == Step::done) {
        const auto length = static_cast<std::size_t>(head.content_length.value_or(0));
        if (message.size() - end < length) step = Step::more;
        body = message.substr(end, length);
        end += length;
    }
    if (step == Step::refused) std::printf("refused %d\n", fault.status);
    if (step == Step::more) std::puts("more");
    if (step == Step::done)
        std::printf("done %zu %lu %zu\n", body.size(),
                    crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())),
                    end);
}

}  // namespace

int main() {
    std::array<unsigned char, 4> size{};
    std::string message;
    while (std::fread(size.data(), 1, size.size(), stdin) == size.size()) {
        message.resize(size[0] | static_cast<std::size_t>(size[1]) << 8 |
                       static_cast<std::size_t>(size[2]) << 16 | static_cast<std::size_t>(size[3]) << 24);
        if (std::fread(message.data(), 1, message.size(), stdin) != message.size()) return 1;
        report(message);
    }
    return 0;
}
