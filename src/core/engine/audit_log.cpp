#include "core/api/export.hpp"
#include "core/api/route.hpp"
#include "core/audit/answers.hpp"
#include "core/audit/audit.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti::audit {
namespace {

struct AuditQuery {
    std::optional<Uuid> actor{};
    std::optional<std::string> model{};
    std::optional<Uuid> row{};
    std::optional<std::string> verb{};
    std::optional<Timestamp> since{};
    std::optional<Timestamp> until{};
    std::optional<std::string> request{};
    std::optional<std::string> field{};
    std::optional<std::int64_t> cursor{};
    int page_size = 25;
    std::optional<std::string> expand{};
    std::optional<std::string> format{};
};

[[noreturn]] void refuse(const std::string& parameter, const std::string& sentence) {
    throw Malformed("http.bad_parameter", sentence).with({{parameter, sentence}});
}

Field format_field() {
    Field format = field<&AuditQuery::format>(
        "format",
        {.help = "`csv` and `xlsx` answer all entries as a file, a line for each field that changed, "
                 "without `cursor`, `page_size` and `expand`."});
    format.type = &choice_type();
    format.choices = {"json", "csv", "xlsx"};
    return format;
}

/// A text that is one of what a trigger writes down.
Field verb_field() {
    Field verb = field<&AuditQuery::verb>("verb");
    verb.type = &choice_type();
    verb.choices = {"insert", "update", "delete", "read"};
    return verb;
}

const Shape& query_shape() {
    static const Shape shape = input<AuditQuery>(
        {field<&AuditQuery::actor>("actor", {.help = "Who did it; `me` is yourself."}),
         field<&AuditQuery::model>("model", {.max_length = 100, .help = "Such as `projects.project`."}),
         field<&AuditQuery::row>("row", {.help = "The row's id."}), verb_field(),
         field<&AuditQuery::since>("since", {.help = "Not before this time or day."}),
         field<&AuditQuery::until>(
             "until", {.whole_day = true, .help = "Before this time, or to the end of this day."}),
         field<&AuditQuery::request>("request",
                                     {.max_length = 64, .help = "The id of a request, as `X-Request-Id`."}),
         field<&AuditQuery::field>("field",
                                   {.max_length = 63, .help = "A field that was changed; needs `model`."}),
         field<&AuditQuery::cursor>("cursor",
                                    {.minimum = "1", .help = "Entries before this id; follow `next`."}),
         field<&AuditQuery::page_size>("page_size", {.minimum = "1", .maximum = "200"}),
         field<&AuditQuery::expand>(
             "expand",
             {.max_length = 100,
              .help = "`actor`, `row` and `changes`, separated by commas: embeds the rows that they "
                      "name, of `changes` those that references lead to."}),
         format_field()});
    return shape;
}

std::string table_of(const Catalogue& catalogue, const std::string& model) {
    if (const Model* found = catalogue.model_named(model)) return found->table;
    std::string table = model;
    if (const std::size_t dot = table.find('.'); dot != table.npos) table[dot] = '_';
    return table;
}

/// The conditions of the query on the entries e.
class Conditions {
public:
    template <class Value>
    void add(db::SqlText<1> condition, const std::optional<Value>& value) {
        if (value) all_.push_back(Sql(condition, *value));
    }
    Sql where() const { return all_.empty() ? Sql() : Sql("WHERE {}", db::join(all_, " AND ")); }

private:
    std::vector<Sql> all_{};
};

/// The tables that a personal access token may read; nothing where all may be read.
std::optional<std::vector<std::string>> tables_granted(const Catalogue& catalogue, const Actor& who) {
    if (who.token.is_nil()) return std::nullopt;
    std::vector<std::string> tables;
    for (const Model* model : catalogue.models())
        if (token_allows(who, *catalogue.resource_of(*model), "read")) tables.push_back(model->table);
    return tables;
}

Conditions conditions_of(const AuditQuery& query, const Catalogue& catalogue, const Actor& who) {
    if (query.field && !query.model) refuse("field", "Say with model whose field it is.");
    Conditions conditions;
    conditions.add("e.table_name = ANY({})", tables_granted(catalogue, who));
    conditions.add("e.actor = {}", query.actor);
    if (query.model) conditions.add("e.table_name = {}", std::optional(table_of(catalogue, *query.model)));
    conditions.add("e.row_id = {}", query.row);
    conditions.add("e.verb = {}", query.verb);
    conditions.add("e.at >= {}", query.since);
    conditions.add("e.at < {}", query.until);
    conditions.add("e.request = {}", query.request);
    conditions.add("e.changes ? {}", query.field);
    conditions.add("e.id < {}", query.cursor);
    return conditions;
}

void note_reading(Tx& tx, const QueryPairs& query) {
    std::string document;
    json::Writer writer(document);
    writer.begin_object();
    for (const auto& [name, value] : query) {
        writer.key(name);  // one of the known ones by now
        writer.string(value);
    }
    writer.end_object();
    tx.execute(Sql{"SELECT core_audit_read({}::jsonb)", document});
}

std::string read_log(Tx& tx, const Actor& who, const QueryPairs& pairs, std::string_view path) {
    const Catalogue& catalogue = *tx.site().catalogue;
    AuditQuery query;
    read_shape(query_shape(), pairs, who, &query);
    const Expansion expansion = read_expansion(query.expand, Detail::log);
    // One entry more than is shown tells whether there are earlier ones.
    const db::Result rows = tx.rows(
        Sql{"SELECT {} FROM (SELECT e.* FROM core_audit AS e {} ORDER BY e.id DESC LIMIT {}) AS e ORDER BY "
            "e.id DESC",
            entry_columns(Sql("true")), conditions_of(query, catalogue, who).where(), query.page_size + 1});
    note_reading(tx, pairs);
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("count");
    writer.null();
    writer.key("next");
    if (rows.size() > query.page_size)
        writer.string(
            page_link(path, pairs, "cursor", std::to_string(id_of_entry(rows[query.page_size - 1]))));
    else
        writer.null();
    writer.key("previous");
    writer.null();
    writer.key("results");
    write_entries(tx, rows, who, Detail::log, expansion, query.page_size, out);
    return out + "}";
}

Sheet log_sheet(Tx& tx, const Actor& who, const QueryPairs& pairs, std::int64_t most) {
    refuse_in_sheet(pairs, {"cursor", "page_size", "expand"});
    const Catalogue& catalogue = *tx.site().catalogue;
    AuditQuery query;
    read_shape(query_shape(), pairs, who, &query);
    const Sql entries{"FROM core_audit AS e {}", conditions_of(query, catalogue, who).where()};
    note_reading(tx, pairs);
    Sheet sheet = entries_sheet(catalogue, who, Detail::log, tx.now());
    sheet.sql =
        Sql{"SELECT {} {} ORDER BY e.id DESC", entry_columns(Sql("true")), entries}.render(sheet.params);
    sheet.count_sql = lines_counted(entries, most).render(sheet.count_params);
    return sheet;
}

void run_log(Call& call) {
    const auto sheet = [&](std::int64_t most) {
        return transact(call.site, call.who,
                        [&](Tx& tx) { return log_sheet(tx, call.who, call.query, most); });
    };
    if (api::run_export(call, "/audit", sheet)) return;
    call.response.body = transact(
        call.site, call.who, [&](Tx& tx) { return read_log(tx, call.who, call.query, "/api/v1/audit"); });
}

}  // namespace

Route log_route() {
    Route route{.method = http::Method::get,
                .path = "/audit",
                .summary = "Read the audit trail, the latest entry first.",
                .access = needs("audit.view")};
    route.input = query_shape();
    route.output = page_shape("AuditTrail", entries_type(Detail::log));
    route.run = run_log;
    return route;
}

std::int64_t forget(Tx& tx, const Uuid& person, const Model& model, const std::vector<std::string>& fields) {
    std::vector<std::string> columns;
    for (const auto& name : fields) {
        const Field& field = model.field(name);
        for (const Column& column : field.type->columns(field)) columns.push_back(column.name);
    }
    return tx.value<std::int64_t>({"SELECT core_audit_forget({}, {}, {})", person, model.table, columns});
}

}  // namespace tamiti::audit
