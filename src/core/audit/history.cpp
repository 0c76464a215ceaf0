#include "core/audit/history.hpp"

#include "core/audit/answers.hpp"
#include "core/audit/entries.hpp"
#include "core/base/json.hpp"
#include "core/model/derived.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"
#include "core/model/trash.hpp"

namespace tamiti::audit {

namespace {

struct HistoryPage {
    int page = 1;
    int page_size = 25;
    std::optional<std::string> expand{};
    std::optional<std::string> format{};  ///< json by now: files are made elsewhere
};

const Shape& page_query() {
    static const Shape shape =
        input<HistoryPage>({field<&HistoryPage::page>("page", {.minimum = "1", .maximum = "100000"}),
                            field<&HistoryPage::page_size>("page_size", {.minimum = "1", .maximum = "200"}),
                            field<&HistoryPage::expand>("expand", {.max_length = 100}),
                            field<&HistoryPage::format>("format", {.max_length = 4})});
    return shape;
}

/// The columns that a scope names: with one of them a row may come into it. One that another table of the
/// scope has as well only makes a history shorter.
std::vector<std::string> deciding_columns(const Model& model, const Scope& scope) {
    std::vector<std::string> columns;
    if (scope.is_all()) return columns;
    const std::string text = scope.text();
    for (const Field& field : model.fields) {
        if (field.is_derived() || field.name == "id" || field.name == "deleted_at") continue;
        for (const Column& column : field.type->columns(field))
            if (names_word(text, column.name)) columns.push_back(column.name);
    }
    return columns;
}

/// Entries of one row that the actor may know of, by the columns that they may read. An insert or a removal
/// shows in the row itself. What was written before a change of what their scope looks at may have been
/// hidden from them, and that change tells of it.
Sql known_entries(const Model& model, const Uuid& id, const std::vector<std::string>& columns,
                  const std::vector<std::string>& deciding) {
    Sql known{R"(FROM core_audit AS e WHERE e.table_name = {} AND e.row_id = {}
                 AND (e.verb <> 'update' OR e.changes ?| {}))",
              model.table, id, columns};
    if (!deciding.empty())
        known.append({R"( AND NOT EXISTS (SELECT FROM core_audit AS later WHERE later.table_name = {}
                              AND later.row_id = {} AND later.id >= e.id AND later.verb = 'update'
                              AND later.changes ?| {}))",
                      model.table, id, deciding});
    return known;
}

void require_row(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    Sql rows{"SELECT FROM {} AS t WHERE t.id = {}", visible_rows(resource, who), id};
    if (has_trash(resource))
        rows.append({" UNION ALL SELECT FROM {} AS t WHERE t.id = {}",
                     selected_rows(resource, who, {.trash = true}), id});
    if (!tx.exists(rows)) throw NotFound();
}

/// What somebody may know of a row's history.
struct Known {
    std::vector<std::string> columns{};
    Sql entries{};  ///< FROM and WHERE
    Detail detail{};
};

Known known_of(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    require_row(tx, resource, who, id);
    const Model& model = *resource.model;
    Known known{.columns = readable_columns(model, who)};
    known.entries =
        known_entries(model, id, known.columns, deciding_columns(model, resource.visible_to(who)));
    known.detail = who.can("audit.view") ? Detail::history_with_origin : Detail::history;
    return known;
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
    const Expansion expansion = read_expansion(wanted.expand, Detail::history);
    const Known known = known_of(tx, resource, who, id);
    const auto count = tx.value<std::int64_t>({"SELECT count(*) {}", known.entries});
    const std::int64_t skipped = static_cast<std::int64_t>(wanted.page - 1) * wanted.page_size;
    if (wanted.page > 1 && skipped >= count)
        throw NotFound("There is no page " + std::to_string(wanted.page) + ".");
    const db::Result rows = tx.rows(
        Sql{R"(SELECT {} FROM (SELECT e.* {} ORDER BY e.id DESC LIMIT {} OFFSET {}) AS e
                       ORDER BY e.id DESC)",
            entry_columns(Sql("c.key = ANY({})", known.columns)), known.entries, wanted.page_size, skipped});
    json::Writer writer(out);
    writer.begin_object();
    writer.key("count");
    writer.integer(count);
    write_link(writer, "next", skipped + wanted.page_size < count, wanted.page + 1, path, query);
    write_link(writer, "previous", wanted.page > 1, wanted.page - 1, path, query);
    writer.key("results");
    write_entries(tx, rows, who, known.detail, expansion, wanted.page_size, out);
    out += '}';
}

Sheet history_sheet(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                    const QueryPairs& query, std::int64_t most) {
    refuse_in_sheet(query, {"page", "page_size", "expand"});
    HistoryPage wanted;
    read_shape(page_query(), query, who, &wanted);
    const Known known = known_of(tx, resource, who, id);
    Sheet sheet = entries_sheet(*tx.site().catalogue, who, known.detail, tx.now());
    sheet.sql = Sql{"SELECT {} {} ORDER BY e.id DESC", entry_columns(Sql("c.key = ANY({})", known.columns)),
                    known.entries}
                    .render(sheet.params);
    sheet.count_sql = lines_counted(known.entries, most).render(sheet.count_params);
    return sheet;
}

const Shape& history_shape() {
    static const Shape shape = page_shape("History", entries_type(Detail::history));
    return shape;
}

}  // namespace tamiti::audit
