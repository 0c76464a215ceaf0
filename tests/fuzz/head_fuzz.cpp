#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/http/head.hpp"

// Request heads. Whatever is taken has one reading: it must be refused or still open at every earlier byte,
// and its views lie within the bytes that were given.

using namespace tamiti::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool within(std::string_view part, std::string_view whole) {
    return part.empty() || part == "/" ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check(const Head& head, std::string_view bytes) {
    require(head.size >= 4 && head.size <= bytes.size());
    require(bytes.substr(head.size - 4, 4) == "\r\n\r\n");
    require(bytes.substr(0, head.size).find("\r\n\r\n") == head.size - 4);
    require(!(head.chunked && (head.content_length || !head.http_1_1)));
    require(valid_host(head.host) && within(head.host, bytes));
    require(!head.path.empty() && within(head.path, bytes) && within(head.query, bytes));
    require(head.headers.size() <= HeadLimits{}.headers && head.size <= HeadLimits{}.head);
    for (const Header& header : head.headers) {
        require(!header.name.empty() && within(header.name, bytes) && within(header.value, bytes));
        require(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static Head head;
    Fault fault;
    const Step step = parse_head(bytes, {}, head, fault);
    if (step == Step::refused) require(fault.status >= 400 && !fault.code.empty() && !fault.sentence.empty());
    if (step == Step::done) check(head, bytes);
    const std::size_t part = step == Step::done ? head.size - 1 : size / 2;
    const Step earlier = parse_head(bytes.substr(0, part), {}, head, fault);
    if (step == Step::done || step == Step::more) require(earlier == Step::more);
    return 0;
}
