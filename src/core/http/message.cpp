#include "core/http/message.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tamiti::http {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

}  // namespace

std::string_view name_of(Method method) {
    static constexpr std::array<std::string_view, 7> names{"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};
    return names[static_cast<std::size_t>(method)];
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
    return true;
}

std::string_view Request::header(std::string_view name) const {
    std::string_view found{};
    bool seen = false;
    for (const Header& header : headers) {
        if (!equals_ignoring_case(header.name, name)) continue;
        if (seen) return {};  // two readers could pick different ones, so a repeated header is no header
        found = header.value;
        seen = true;
    }
    return found;
}

bool Request::repeats(std::string_view name) const {
    return std::ranges::count_if(
               headers, [&](const Header& header) { return equals_ignoring_case(header.name, name); }) > 1;
}

}  // namespace tamiti::http
