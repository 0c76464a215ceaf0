#include "core/audit/history.hpp"

#include "core/audit/answers.hpp"
#include "core/audit/entries.hpp"
#include "core/base/json.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"
#include "core/model/trash.hpp"

namespace tamiti::audit {

namespace {

struct HistoryPage {
    int page = 1;
    int page_size = 25;
};

const Shape& page_query() {
    static const Shape shape =
        input<HistoryPage>({field<&HistoryPage::page>("page", {.minimum = "1", .maximum = "100000"}),
                            field<&HistoryPage::page_size>("page_size", {.minimum = "1", .maximum = "200"})});
    return shape;
}

/// Entries of one row that the actor may know of, by the columns that they may read. An insert or a removal
/// shows in the row itself.
Sql known_entries(const Model& model, const Uuid& id, const std::vector<std::string>& columns) {
    return {R"(FROM core_audit AS e WHERE e.table_name = {} AND e.row_id = {}
                 AND (e.verb <> 'update' OR e.changes ?| {}))",
            model.table, id, columns};
}

void require_row(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    Sql rows{"SELECT FROM {} AS t WHERE t.id = {}", visible_rows(resource, who), id};
    if (has_trash(resource))
        rows.append({" UNION ALL SELECT FROM {} AS t WHERE t.id = {}",
                     selected_rows(resource, who, {.trash = true}), id});
    if (!tx.exists(rows)) throw NotFound();
}

void write_link(json::Writer& writer, std::string_view key, bool there, int page, std::string_view path,
                const QueryPairs& query) {
    writer.key(key);
    if (there)
        writer.string(page_link(path, query, "page", std::to_string(page)));
    else
        writer.null();
}

}  // namespace

void history(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id, const QueryPairs& query,
             std::string_view path, std::string& out) {
    HistoryPage wanted;
    read_shape(page_query(), query, who, &wanted);
    require_row(tx, resource, who, id);
    const Model& model = *resource.model;
    const std::vector<std::string> columns = readable_columns(model, who);
    const Sql known = known_entries(model, id, columns);
    const auto count = tx.value<std::int64_t>({"SELECT count(*) {}", known});
    const std::int64_t skipped = static_cast<std::int64_t>(wanted.page - 1) * wanted.page_size;
    if (wanted.page > 1 && skipped >= count)
        throw NotFound("There is no page " + std::to_string(wanted.page) + ".");
    const db::Result rows =
        tx.rows(Sql{R"(SELECT {} FROM (SELECT e.* {} ORDER BY e.id DESC LIMIT {} OFFSET {}) AS e
               LEFT JOIN LATERAL jsonb_each(e.changes) AS c ON c.key = ANY({}) ORDER BY e.id DESC)",
                    entry_columns(), known, wanted.page_size, skipped, columns});
    json::Writer writer(out);
    writer.begin_object();
    writer.key("count");
    writer.integer(count);
    write_link(writer, "next", skipped + wanted.page_size < count, wanted.page + 1, path, query);
    write_link(writer, "previous", wanted.page > 1, wanted.page - 1, path, query);
    writer.key("results");
    write_entries(rows, *tx.site().catalogue, who,
                  who.can("audit.view") ? Detail::history_with_origin : Detail::history, wanted.page_size,
                  out);
    out += '}';
}

const Shape& history_shape() {
    static const Shape shape = page_shape("History", entries_type(Detail::history));
    return shape;
}

}  // namespace tamiti::audit
