#include <charconv>

#include "core/base/json.hpp"
#include "core/http/uri.hpp"
#include "core/model/list.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

constexpr int counted_rows = 10'000;  // beyond this an automatic count is an estimate

/// The statement of one list, put together from its parts.
struct Listing {
    const Resource& resource;
    ListRequest request;
    db::Params params{};
    std::string rows{};        // what is selected from
    std::string conditions{};  // of filters and search, without the cursor's
    std::string order{};
    bool counts = false;
    int first_key = 0;  // column of the first ordering key, for the cursor
    int count_column = -1;
};

std::string counting(const Listing& listing, int limit) {
    const std::string where = listing.conditions.empty() ? std::string() : " WHERE " + listing.conditions;
    const std::string most = limit > 0 ? " LIMIT " + std::to_string(limit) : std::string();
    return "(SELECT count(*) FROM (SELECT FROM " + listing.rows + " t" + where + most + ") c)";
}

int count_limit(Count count) {
    return count == Count::exact ? 0 : counted_rows + 1;
}

std::string statement(Listing& listing, const Output& output, const Actor& who, const Site& site) {
    ListRequest& request = listing.request;
    std::string columns = output.columns();
    int next_column = output.column_count();
    if (request.cursor) {
        listing.first_key = next_column;
        for (const OrderKey& key : request.order) {
            columns += ", t." + key.field->name;
            ++next_column;
        }
    }
    if (listing.counts) {
        columns += ", " + counting(listing, count_limit(request.count));
        listing.count_column = next_column++;
    }
    std::string where = listing.conditions;
    if (request.cursor && !request.cursor->empty()) {
        const auto keys = open_cursor(site, *listing.resource.model, request.order, who, *request.cursor);
        where += (where.empty() ? "" : " AND ") + after_condition(request.order, keys, listing.params);
    }
    std::string sql = "SELECT " + columns + " FROM " + listing.rows + " t" + output.joins();
    if (!where.empty()) sql += " WHERE " + where;
    sql += " ORDER BY " + listing.order;
    // One row more than is shown tells whether there is a next page.
    sql += " LIMIT $" + std::to_string(listing.params.add(request.page_size + 1));
    if (request.page > 1)
        sql += " OFFSET $" + std::to_string(listing.params.add(static_cast<std::int64_t>(request.page - 1) *
                                                               request.page_size));
    return sql;
}

// The planner's guess, for lists too long to count.
std::int64_t estimate(ReadTx& tx, const Listing& listing, std::int64_t at_least) {
    const std::string where = listing.conditions.empty() ? std::string() : " WHERE " + listing.conditions;
    const db::Result plan =
        tx.transaction().run("EXPLAIN SELECT FROM " + listing.rows + " t" + where, listing.params);
    const std::string_view line = plan.empty() ? std::string_view() : plan[0].text(0);
    const std::size_t at = line.find("rows=");
    std::int64_t rows = 0;
    if (at != std::string_view::npos) std::from_chars(line.data() + at + 5, line.data() + line.size(), rows);
    return std::max(rows, at_least);
}

struct Total {
    std::int64_t rows = 0;
    bool exact = true;
};

// Rows up to the end of this page, and one more where another page follows, exist for certain.
Total estimated_total(ReadTx& tx, const Listing& listing, int shown, bool more) {
    const ListRequest& request = listing.request;
    const std::int64_t seen = static_cast<std::int64_t>(request.page - 1) * request.page_size + shown;
    const bool is_last = !more && !request.cursor;
    if (is_last) return {seen, true};
    return {estimate(tx, listing, shown > 0 && more ? seen + 1 : shown), false};
}

Total total_of(ReadTx& tx, const Listing& listing, const db::Result& result) {
    Total total;
    if (!result.empty()) total.rows = result[0].integer(listing.count_column);
    if (listing.request.count != Count::exact && total.rows > counted_rows)
        return {estimate(tx, listing, counted_rows + 1), false};
    return total;
}

void write_links(json::Writer& writer, const Listing& listing, const db::Result& result, bool more,
                 const Actor& who, const Site& site, std::string_view path, const QueryPairs& query) {
    const ListRequest& request = listing.request;
    writer.key("next");
    if (!more) {
        writer.null();
    } else if (request.cursor) {
        std::vector<std::optional<std::string>> keys;
        const db::Row last = result[request.page_size - 1];
        for (std::size_t i = 0; i < request.order.size(); ++i) {
            const auto key = last.optional_text(listing.first_key + static_cast<int>(i));
            keys.push_back(key ? std::optional<std::string>(*key) : std::nullopt);
        }
        writer.string(page_link(path, query, "cursor",
                                seal_cursor(site, *listing.resource.model, request.order, who, keys)));
    } else {
        writer.string(page_link(path, query, "page", std::to_string(request.page + 1)));
    }
    writer.key("previous");
    if (request.cursor || request.page == 1)
        writer.null();
    else
        writer.string(page_link(path, query, "page", std::to_string(request.page - 1)));
}

Listing prepare(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                const QueryPairs& query) {
    Listing listing{.resource = resource, .request = read_list_request(*resource.model, who, query)};
    ListRequest& request = listing.request;
    listing.rows = selected_rows(resource, who, request.selection).render(listing.params);
    listing.conditions = filter_conditions(catalogue, *resource.model, who, request.filters, listing.params);
    listing.order = order_clause(request.order);
    if (!request.search.empty()) {
        const SearchClause search = search_clause(request.search, listing.params);
        listing.conditions += (listing.conditions.empty() ? "" : " AND ") + search.condition;
        if (!request.order_is_given) listing.order = search.rank + ", " + listing.order;
    }
    // Keyset paging is for walking far; counting each step would cost more than the step.
    if (request.count == Count::automatic && request.cursor) request.count = Count::none;
    listing.counts = request.count == Count::automatic || request.count == Count::exact;
    return listing;
}

}  // namespace

std::string page_link(std::string_view path, const QueryPairs& query, std::string_view name,
                      const std::string& value) {
    QueryPairs changed;
    for (const auto& pair : query)
        if (pair.first != name) changed.push_back(pair);
    changed.emplace_back(std::string(name), value);
    return std::string(path) + "?" + http::encode_query(changed);
}

void list(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
          std::string_view path, std::string& out) {
    const Catalogue& catalogue = *tx.site().catalogue;
    Listing listing = prepare(catalogue, resource, who, query);
    // The estimate uses these values alone: those of paging come after.
    const db::Params filter_params = listing.params;
    const Output output(catalogue, resource, who, listing.request.selection, listing.params);
    const db::Result result =
        tx.transaction().run(statement(listing, output, who, tx.site()), listing.params);
    if (result.empty() && listing.request.page > 1)
        throw NotFound("There is no page " + std::to_string(listing.request.page) + ".");
    const bool more = result.size() > listing.request.page_size;
    const int shown = more ? listing.request.page_size : result.size();
    listing.params = filter_params;

    json::Writer writer(out);
    writer.begin_object();
    writer.key("count");
    if (listing.request.count == Count::none) {
        writer.null();
    } else {
        const Total total =
            listing.counts ? total_of(tx, listing, result) : estimated_total(tx, listing, shown, more);
        writer.integer(total.rows);
        if (!total.exact) {
            writer.key("count_exact");
            writer.boolean(false);
        }
    }
    write_links(writer, listing, result, more, who, tx.site(), path, query);
    writer.key("results");
    out += '[';
    for (int i = 0; i < shown; ++i) {
        if (i > 0) out += ',';
        output.write(result[i], out);
    }
    out += "]}";
}

WholeList whole_list(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                     const QueryPairs& query, std::int64_t most) {
    for (const auto& [name, value] : query) {
        if (name != "page" && name != "page_size" && name != "cursor" && name != "count" &&
            name != "expand" && name != "can")
            continue;
        const std::string sentence = "An export has all rows and their own fields: leave out " + name + ".";
        throw Malformed("http.bad_parameter", sentence).with({{name, sentence}});
    }
    Listing listing = prepare(catalogue, resource, who, query);
    const Output output(catalogue, resource, who, listing.request.selection, listing.params);
    const std::string where = listing.conditions.empty() ? std::string() : " WHERE " + listing.conditions;
    WholeList whole;
    whole.fields = output.fields();
    whole.sql =
        "SELECT " + output.columns() + " FROM " + listing.rows + " t" + where + " ORDER BY " + listing.order;
    whole.count_sql = "SELECT count(*) FROM (SELECT FROM " + listing.rows + " t" + where + " LIMIT " +
                      std::to_string(most + 1) + ") c";
    whole.params = std::move(listing.params);
    return whole;
}

std::int64_t read(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                  const Selection& selection, std::string& out) {
    db::Params params;
    const std::string rows = selected_rows(resource, who, selection).render(params);
    const Output output(*tx.site().catalogue, resource, who, selection, params);
    const int parameter = params.add(id);
    const db::Result result =
        tx.transaction().run("SELECT " + output.columns() + " FROM " + rows + " t" + output.joins() +
                                 " WHERE t.id = $" + std::to_string(parameter),
                             params);
    if (result.empty()) throw NotFound();
    output.write(result[0], out);
    return result[0].integer(output.version_column());
}

}  // namespace tamiti
