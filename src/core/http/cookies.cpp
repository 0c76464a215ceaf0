#include "core/http/cookies.hpp"

#include "core/base/text.hpp"

namespace tamiti::http {

std::string_view cookie_named(const Request& request, std::string_view name) {
    std::string_view value;
    bool is_found = false;
    for (const Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, "Cookie")) continue;
        for (const std::string_view pair : split(header.value, ';')) {
            const std::string_view one = trim(pair);
            const auto equals = one.find('=');
            if (equals == one.npos || one.substr(0, equals) != name) continue;
            if (is_found) return {};
            is_found = true;
            value = one.substr(equals + 1);
        }
    }
    return value;
}

}  // namespace tamiti::http
