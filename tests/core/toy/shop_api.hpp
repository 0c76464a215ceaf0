#pragma once

#include "tests/core/toy/library_api.hpp"
#include "tests/core/toy/shop.hpp"

namespace tamiti::test {

/// The toy shop beside the toy library.
class ShopApi : public LibraryApi {
public:
    static void SetUpTestSuite() {
        start({engine(), toy_library::app(), toy_shop::app()}, toy_shop::migrations());
    }

    static std::string customer(const std::string& who, const std::string& name, const Object& more = {}) {
        return make(who, "/customers", joined({{"name", name}}, more));
    }
    static std::string order(const std::string& who, const std::string& customer, const std::string& code,
                             const Object& more = {}) {
        return make(who, "/orders", joined({{"customer", customer}, {"code", code}}, more));
    }
    /// So many days from the clock's, in UTC.
    static std::string day(int offset) {
        const Date today = std::chrono::floor<std::chrono::days>(clock().now());
        return format(today + std::chrono::days(offset));
    }
    /// The codes of the orders that a list answers, in its order.
    static std::vector<std::string> codes(const std::string& who, const std::string& query) {
        return get(who, "/orders" + query).each("code");
    }
};

}  // namespace tamiti::test
