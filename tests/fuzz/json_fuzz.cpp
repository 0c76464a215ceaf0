#include <cstdint>
#include <cstdlib>

#include <boost/json.hpp>
#include <string_view>

#include "core/base/json.hpp"
#include "core/base/problem.hpp"
#include "core/base/text.hpp"

using namespace tamiti;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

/// Whatever is read is also JSON to another parser and reads the same after it was written; whatever is
/// refused is refused with a sentence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const json::value value = json::parse(text);
        const std::string written = json::text_of(value);
        require(json::parse(written) == value);
        require(is_utf8(written));
        boost::json::error_code error;
        boost::json::parse(text, error);
        require(!error);
    } catch (const Problem& problem) {
        require(problem.status() == 400 && problem.code() == "http.malformed_json");
        require(is_utf8(problem.detail()) && problem.detail().ends_with('.'));
    }
    std::string quoted;
    json::append_string(quoted, text);
    if (is_utf8(text) && text.find('\0') == text.npos) {
        require(std::string_view(json::parse(quoted).get_string()) == text);
    }
    return 0;
}
