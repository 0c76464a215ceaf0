#include "core/model/listing.hpp"

#include "core/model/conditions.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/record.hpp"
#include "core/model/search_hits.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

std::string counting(Listing& listing) {
    const bool is_exact = listing.request.count == Count::exact;
    const std::string most = is_exact ? std::string() : " LIMIT " + std::to_string(counted_rows + 1);
    return "(SELECT count(*) FROM (SELECT FROM " + listing.from(listing.params) + listing.where() + most +
           ") c)";
}

// The limits of one page; a row more than is shown tells whether there is a next one.
std::string paging(Listing& listing) {
    const ListRequest& request = listing.request;
    std::string sql = " LIMIT $" + std::to_string(listing.params.add(request.page_size + 1));
    if (request.page > 1)
        sql += " OFFSET $" + std::to_string(listing.params.add(static_cast<std::int64_t>(request.page - 1) *
                                                               request.page_size));
    return sql;
}

/// The keys that a listing is ordered by, as columns of `seen` and as an ordering of them.
struct Keys {
    std::string columns{};
    std::string order{};
    int count = 0;

    void add(const std::string& value, std::string_view direction) {
        const std::string name = "k" + std::to_string(++count);
        columns += ", " + value + " AS " + name;
        order += (order.empty() ? "" : ", ") + name;
        order += direction;
    }
};

Keys keys_of(const Listing& listing) {
    Keys keys;
    if (listing.is_ranked) {
        keys.add(listing.search.rank, " DESC");
        keys.add("s.row_id", " DESC");
        return keys;
    }
    for (const OrderKey& key : listing.request.order) keys.add(order_value(key), direction_of(key));
    return keys;
}

std::string and_also(const std::string& where) {
    return where.empty() ? " WHERE " : where + " AND ";
}

const Sql& reached_ids() {
    static const Sql ids("SELECT id FROM reached");
    return ids;
}

/// What rows of the model, aliased t, are found by.
Sql found_by(const Model& model) {
    return {" JOIN core_search AS s ON s.row_id = t.id AND {}", is_of(model)};
}

/// The rows of a walk; those that a scope reaches are already in the list `reached`.
std::string walk(Listing& listing) {
    Sql rows =
        walked_rows(*listing.resource.model, listing.selected.scope, listing.selected.kept, reached_ids());
    rows.append(Sql(" AS t"));
    if (listing.is_searched()) rows.append(found_by(*listing.resource.model));
    return rows.render(listing.params);
}

/// The rows of a scope that reaches few others, by the index of the column that refers to them. A search
/// looks at these alone: OFFSET 0 keeps the planner from beginning with the words, which others' rows have
/// too.
std::string rows_of_few(Listing& listing) {
    const Model& model = *listing.resource.model;
    const Scope::Reached& reached = *listing.selected.scope.reached();
    Sql rows{"(SELECT * FROM {} WHERE {} = ANY(ARRAY({})) AND {}", db::name(model.table), reached.column,
             reached_ids(), listing.selected.kept};
    if (!reached.rest.empty()) rows.append({" AND {}", reached.rest});
    rows.append(Sql(") AS t"));
    if (!listing.is_searched()) return rows.render(listing.params);
    if (reached.column == db::name(model.within))
        rows.append(
            {R"( JOIN (SELECT * FROM core_search AS s WHERE s.within = ANY(ARRAY({})) AND {} OFFSET 0) AS s
                         ON s.row_id = t.id)",
             reached_ids(), is_of(model)});
    else
        rows.append({R"( CROSS JOIN LATERAL
                         (SELECT * FROM core_search AS s WHERE s.row_id = t.id AND {} OFFSET 0) AS s)",
                     is_of(model)});
    return rows.render(listing.params);
}

/// The rows of a scope that isn't of those that refer to others.
std::string rows_of_scope(Listing& listing, const Scope& scope) {
    const Model& model = *listing.resource.model;
    Sql rows{"(SELECT * FROM {} WHERE {} AND {}) AS t", db::name(model.table), scope, listing.selected.kept};
    if (listing.is_searched()) rows.append(found_by(model));
    return rows.render(listing.params);
}

std::string with_reached(const SelectedRows& selected, db::Params& params) {
    const Scope::Reached* reached = selected.scope.reached();
    if (!reached) return {};
    std::string ids = reached->ids.render(params);
    if (!reached->tells_rows)
        ids = "SELECT id FROM (" + ids + ") r LIMIT " + std::to_string(reached->few + 1);
    return "reached (id) AS MATERIALIZED (" + ids + ")";
}

/// What is selected from the rows, without the list `reached`. What refers to few rows is found by the index
/// of the reference; somebody who reaches many sees a good part of the table, and their rows are met soon on
/// any way through it.
std::string first_rows(Listing& listing, const std::string& columns, const std::string& where,
                       std::optional<int> most) {
    const std::string select = "SELECT " + columns + " FROM ";
    const std::string limit = most ? " LIMIT " + std::to_string(*most) : std::string();
    const SelectedRows& selected = listing.selected;
    if (!selected.scope.reached()) return select + rows_of_scope(listing, selected.scope) + where + limit;
    const Scope::Reached& reached = *selected.scope.reached();
    const std::string count = and_also(where) + "(SELECT count(*) FROM reached)";
    const std::string few = std::to_string(reached.few);
    std::string rows = "(" + select + rows_of_few(listing) + count + " <= " + few + limit + ") UNION ALL (" +
                       select + walk(listing) + count + " > " + few + limit + ")";
    if (!reached.beside.empty())
        rows += " UNION ALL (" + select + rows_of_scope(listing, Scope(reached.beside)) + count +
                " <= " + few + limit + ")";
    return rows;
}

/// The list `seen`, and what it is made of. What nothing but a search says is found without the rows, where
/// that tells which of them are seen.
std::string with_seen(Listing& listing, const Keys& keys, const std::string& where, const Actor& who,
                      int most) {
    if (listing.is_ranked && listing.filters.empty() && !listing.request.selection.trash &&
        is_found_by_words(*listing.resource.model, listing.selected.scope)) {
        const std::string hits =
            visible_hits({&listing.resource}, who, listing.search, counted_rows, listing.params);
        if (!hits.empty())
            return hits +
                   ", seen AS MATERIALIZED (SELECT row_id AS id, rank AS k1, row_id AS k2 FROM hits LIMIT " +
                   std::to_string(most + 1) + ")";
    }
    const std::string reached = with_reached(listing.selected, listing.params);
    return "WITH " + (reached.empty() ? reached : reached + ", ") + "seen AS MATERIALIZED (" +
           first_rows(listing, "t.id" + keys.columns, where, most + 1) + ")";
}

/// Keys first, and rows after: `seen` holds the ids and keys of so many rows and of one more. Where that is
/// all, the page is cut from it; otherwise the one-time filters stop the first part and start the second,
/// which walks along the ordering. Of what is ranked there is no second part: ranking all would cost too
/// much.
std::string keyed(Listing& listing, const std::string& columns, const std::string& joins,
                  const std::string& where, const Actor& who, int most) {
    const Keys keys = keys_of(listing);
    const Model& model = *listing.resource.model;
    const std::string with = with_seen(listing, keys, where, who, most);
    const std::string limits = paging(listing);
    const std::string count = "(SELECT count(*) FROM seen)";
    const std::string few = std::to_string(most);
    std::string page = "SELECT * FROM seen ORDER BY " + keys.order + limits;
    if (!listing.is_ranked)
        page = "(SELECT id FROM seen WHERE " + count + " <= " + few + " ORDER BY " + keys.order + limits +
               ") UNION ALL (SELECT t.id FROM " + walk(listing) + and_also(where) + count + " > " + few +
               " ORDER BY " + listing.order + limits + ")";
    return with + " SELECT " + columns + " FROM (" + page + ") page JOIN " + model.table +
           " t ON t.id = page.id" + joins + " ORDER BY " +
           (listing.is_ranked ? "k1 DESC, k2 DESC" : listing.order);
}

/// What the model's lists do unless somebody asks; in the trash they look for all.
void add_unless_asked(const Model& model, ListRequest& request) {
    if (request.selection.trash) return;
    const auto asked = request.filters;
    for (const auto& filter : model.unless_asked)
        if (!names_field(asked, filter.first.substr(0, filter.first.find("__"))))
            request.filters.push_back(filter);
}

}  // namespace

std::string Listing::from(db::Params& into) const {
    Sql all{"{} AS t", rows};
    if (is_searched()) all.append(found_by(*resource.model));
    return all.render(into);
}

std::string first_visible(const Resource& resource, const Actor& who, const std::string& columns,
                          const std::string& condition, int most, db::Params& params,
                          const RecordsNamed& about) {
    Listing listing{.resource = resource,
                    .request = {},
                    .params = std::move(params),
                    .selected = selection_of(resource, who, {.about = about})};
    const std::string with = with_reached(listing.selected, listing.params);
    std::string rows = (with.empty() ? with : "WITH " + with + " ") +
                       first_rows(listing, columns, " WHERE " + condition, most);
    params = std::move(listing.params);
    return rows;
}

FoundRows found_rows(Listing& listing, const std::string& columns) {
    const std::string where = listing.where();
    if (listing.selected.scope.is_all())
        return {{}, "SELECT " + columns + " FROM " + listing.from(listing.params) + where};
    std::string with = with_reached(listing.selected, listing.params);
    return {std::move(with), first_rows(listing, columns, where, std::nullopt)};
}

std::string Listing::where(const std::string& cursor) const {
    std::string all;
    for (const std::string& condition : {filters, search.condition, cursor})
        if (!condition.empty()) all += (all.empty() ? " WHERE " : " AND ") + condition;
    return all;
}

Listing listing_of(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                   const QueryPairs& query, Spelling spelling) {
    ListRequest read = read_list_request(*resource.model, who, query);
    add_unless_asked(*resource.model, read);
    read.selection.about = records_named(resource, read.filters);
    const SelectedRows selected = selection_of(resource, who, read.selection);
    Listing listing{.resource = resource, .request = std::move(read), .selected = selected};
    ListRequest& request = listing.request;
    listing.rows = selected_rows(resource, who, request.selection);
    listing.filters = filter_conditions(catalogue, *resource.model, who, request.filters, listing.params);
    listing.order = order_clause(request.order);
    if (!request.search.empty()) {
        listing.search = search_clause(request.search, spelling, listing.params);
        listing.search.condition = condition_in(listing.search, {resource.model->name});
        listing.is_ranked = !request.order_is_given;
    }
    // Keyset paging is for walking far; counting each step would cost more than the step.
    if (request.count == Count::automatic && request.cursor) request.count = Count::none;
    listing.counts = request.count != Count::none;
    return listing;
}

std::string statement(Listing& listing, const Output& output, const Actor& who, const Site& site) {
    const ListRequest& request = listing.request;
    std::string after;
    if (request.cursor && !request.cursor->empty())
        after = after_condition(
            request.order, open_cursor(site, *listing.resource.model, request.order, who, *request.cursor),
            listing.params);
    const std::string where = listing.where(after);
    std::string columns = output.columns();
    int next_column = output.column_count();
    listing.first_key = next_column;
    if (request.cursor)
        for (const OrderKey& key : request.order) {
            columns += ", " + column_of(*key.field, "t");
            ++next_column;
        }
    const bool counts_seen =
        listing.counts && listing.is_keyed() && !request.cursor && request.count != Count::exact;
    if (listing.counts) {
        columns += ", " + (counts_seen ? "(SELECT count(*) FROM seen)" : counting(listing));
        listing.count_column = next_column;
    }
    if (listing.is_keyed())
        return keyed(listing, columns, output.joins(), where, who,
                     counts_seen || listing.is_ranked ? counted_rows : sorted_rows);
    return "SELECT " + columns + " FROM " + listing.from(listing.params) + output.joins() + where +
           " ORDER BY " + listing.order + paging(listing);
}

}  // namespace tamiti
