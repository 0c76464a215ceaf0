#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamiti::test {

/// What came back for a request.
struct Answer {
    int status = 0;
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};

    /// The body as JSON; null where there is none.
    boost::json::value json() const;
    /// A member of the body by path: text("errors.name.0"); empty where there is none.
    std::string text(std::string_view path) const;
    std::string header(std::string_view name) const;
    /// The ids of `results`, in order.
    std::vector<std::string> ids() const;
    /// One member of each of `results`, in order.
    std::vector<std::string> each(std::string_view member) const;
    std::int64_t count() const;
};

}  // namespace tamiti::test
