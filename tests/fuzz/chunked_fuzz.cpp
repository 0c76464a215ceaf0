#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/http/chunked.hpp"

// Chunked bodies. The first byte says in what pieces the rest arrives: the pieces must not matter.

using namespace tamiti::http;

namespace {

constexpr std::size_t max_body = 4096;

struct Outcome {
    Step step = Step::more;
    std::size_t consumed = 0;
    std::string body{};
    int status = 0;

    bool operator==(const Outcome&) const = default;
};

Outcome decode(std::string_view bytes, std::size_t piece) {
    ChunkedDecoder decoder(max_body);
    Outcome outcome;
    while (!bytes.empty() && outcome.step == Step::more) {
        const auto result = decoder.feed(bytes.substr(0, piece), outcome.body);
        outcome.step = result.step;
        outcome.consumed += result.consumed;
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    outcome.status = decoder.fault().status;
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Outcome whole = decode(bytes, size);
    const bool sound = whole.body.size() <= max_body && whole.consumed <= bytes.size() &&
                       (whole.step == Step::refused) == (whole.status != 0) &&
                       (whole.step != Step::more || whole.consumed == bytes.size());
    if (!sound || whole != decode(bytes, 1 + data[0] % 16)) std::abort();
    return 0;
}
