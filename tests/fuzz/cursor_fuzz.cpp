#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"
#include "core/model/list.hpp"
#include "tests/fuzz/sample.hpp"

// Cursors: what was sealed opens to the same keys, everything else is refused with 400. A cursor that was
// changed in one character never opens.

using namespace tamiti;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool opens(const Site& site, const std::vector<OrderKey>& order, const Actor& who, std::string_view cursor) {
    try {
        return open_cursor(site, model_of(tag<sample::Thing>{}), order, who, cursor).size() == order.size();
    } catch (const Problem& problem) {
        require(problem.status() == 400);
        return false;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Actor who = sample::someone();
    static const Site site = [] {
        Site made;
        made.secret = "a secret of the fuzzer that is long enough";
        return made;
    }();
    const Model& model = model_of(tag<sample::Thing>{});
    const auto order = read_order(model, &who, "due_on,-weight");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    require(!opens(site, order, who, text));

    if (size < 3 || size > 500 || !is_utf8(text.substr(2)) || text.find('\0', 2) != text.npos) return 0;
    const std::vector<std::optional<std::string>> keys = {std::string(text.substr(2)), std::nullopt, "id"};
    std::string cursor = seal_cursor(site, model, order, who, keys);
    require(open_cursor(site, model, order, who, cursor) == keys);
    db::Params params;
    require(!after_condition(order, keys, params).empty());
    char& changed = cursor[data[0] % cursor.size()];
    changed = changed == 'A' ? 'B' : 'A';
    // The last character may carry bits that base64 doesn't use; a cursor that decodes to the same bytes is
    // the same cursor.
    if (&changed != &cursor.back()) require(!opens(site, order, who, cursor));
    return 0;
}
