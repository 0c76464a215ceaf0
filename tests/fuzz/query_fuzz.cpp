#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.hpp"
#include "core/http/compression.hpp"
#include "core/http/proxies.hpp"
#include "core/http/uri.hpp"

// Paths, queries and the small header grammars. What is read from a query and written again must be read the
// same.

using namespace tamiti::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    QueryParameters parameters;
    if (!parse_query(text, parameters)) {
        require(parameters.size() <= 200);
        QueryParameters again;
        require(!parse_query(encode_query(parameters), again) && again == parameters);
        for (const auto& [name, value] : parameters) require(tamiti::is_utf8(name) && tamiti::is_utf8(value));
    }
    std::vector<std::string> segments;
    if (!split_path(text, segments))
        for (const std::string& segment : segments)
            require(!segment.empty() && segment != ".." && segment.find('/') == segment.npos &&
                    tamiti::is_utf8(segment));
    accepts_gzip(text);
    static const Proxies proxies({"10.0.0.0/8", "::1"});
    proxies.client(*parse_address("10.0.0.1"), text);
    return 0;
}
