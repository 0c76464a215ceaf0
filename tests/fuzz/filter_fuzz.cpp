#include <cstdlib>
#include <string_view>

#include "core/base/problem.hpp"
#include "core/http/uri.hpp"
#include "core/model/list.hpp"
#include "tests/fuzz/sample.hpp"

// The query of a list: filters, ordering, search, paging. Whatever is sent, the statement is made of the
// description's words alone: what came from outside is a parameter, every parameter is used, and a field that
// the actor can't read is named nowhere.

using namespace tamiti;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_plain(std::string_view sql) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.$=<>()[]:@&|,%*+-'\"";
    return sql.find_first_not_of(allowed) == sql.npos && sql.find("--") == sql.npos &&
           sql.find("secret") == sql.npos;
}

bool uses_all(const std::string& sql, int count) {
    for (int number = 1; number <= count; ++number) {
        const std::string parameter = "$" + std::to_string(number);
        std::size_t at = sql.find(parameter);
        while (at != sql.npos && at + parameter.size() < sql.size() &&
               std::isdigit(static_cast<unsigned char>(sql[at + parameter.size()])))
            at = sql.find(parameter, at + 1);
        if (at == sql.npos) return false;
    }
    return sql.find("$" + std::to_string(count + 1)) == sql.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Actor who = sample::someone();
    const Model& model = model_of(tag<sample::Thing>{});
    http::QueryParameters query;
    if (http::parse_query({reinterpret_cast<const char*>(data), size}, query)) return 0;
    try {
        const ListRequest request = read_list_request(model, who, query);
        require(request.page >= 1 && request.page_size >= 1 && request.page_size <= 200);
        require(is_plain(order_clause(request.order)));
        db::Params params;
        std::string sql =
            filter_conditions(sample::registry().catalogue(), model, who, request.filters, params);
        if (!request.search.empty())
            for (const Spelling spelling : {Spelling::right, Spelling::wrong})
                sql += search_clause(request.search, spelling, params).condition;
        require(is_plain(sql) && uses_all(sql, params.size()));
        db::Params selected;
        const Output output(sample::registry().catalogue(),
                            *sample::registry().catalogue().resource_of(model), who, request.selection,
                            selected);
        require(is_plain(output.columns()) && is_plain(output.joins()));
    } catch (const Problem& problem) {
        require(problem.status() == 400);
    }
    return 0;
}
