#include "core/model/schema.hpp"

#include <map>
#include <set>

#include "core/db/error.hpp"
#include "core/model/derived.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/search.hpp"
#include "core/model/seen.hpp"

namespace tamiti {
namespace {

/// What the catalogue says of one table.
struct Table {
    struct ColumnFacts {
        std::string type;
        bool nullable = false;
    };
    std::map<std::string, ColumnFacts> columns{};
    std::map<std::string, std::string> constraints{};  // name → definition
    std::set<std::string> indexes{};                   // names
    std::set<std::string> indexed{};                   // first columns, expressions included
    std::vector<std::string> underivable{};            // which derived fields it can't answer, and why
    std::set<std::string> found{};   // first columns of indexes over every row: "btree owner", "gin mentions"
    std::set<std::string> sorted{};  // first columns of indexes in the order of people's alphabets
    std::set<std::string>
        backwards{};                   // first columns of indexes from the last value down to what is nothing
    std::set<std::string> triggers{};  // names
    bool has_history = true;           // changes are written down, or need not be
    std::string search{};              // what the trigger core_search says of itself
};

Table read_table(db::Connection& connection, const std::string& name) {
    Table table;
    for (const auto& row :
         connection.run("SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute "
                        "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
                        db::Params::of(name)))
        table.columns[std::string(row.text(0))] = {std::string(row.text(1)), row.boolean(2)};
    for (const auto& row : connection.run(
             "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass($1)",
             db::Params::of(name)))
        table.constraints[std::string(row.text(0))] = std::string(row.text(1));
    for (const auto& row : connection.run(
             "SELECT c.relname, coalesce(a.attname, pg_get_indexdef(i.indexrelid, 1, true)), m.amname, "
             "i.indpred IS NULL, "
             "(SELECT collprovider = 'i' FROM pg_collation WHERE oid = i.indcollation[0]) IS TRUE, "
             "i.indoption[0] = 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
             "JOIN pg_am m ON m.oid = c.relam "
             "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
             "WHERE i.indrelid = to_regclass($1)",
             db::Params::of(name))) {
        table.indexes.insert(std::string(row.text(0)));
        table.indexed.insert(std::string(row.text(1)));
        if (row.boolean(3)) table.found.insert(std::string(row.text(2)) + " " + std::string(row.text(1)));
        if (row.boolean(4)) table.sorted.insert(std::string(row.text(1)));
        if (row.boolean(5)) table.backwards.insert(std::string(row.text(1)));
    }
    for (const auto& row :
         connection.run("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass($1) AND tgenabled = 'O'",
                        db::Params::of(name)))
        table.triggers.insert(std::string(row.text(0)));
    table.has_history =
        connection
            .run(
                "SELECT obj_description(to_regclass($1), 'pg_class') LIKE '%not-audited%' IS TRUE OR EXISTS "
                "(SELECT FROM pg_trigger WHERE tgrelid = to_regclass($1) AND tgname = 'core_audit' "
                "AND tgenabled = 'O')",
                db::Params::of(name))[0]
            .boolean(0);
    const auto search = connection.run(
        "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = to_regclass($1) AND "
        "tgname = 'core_search' AND tgenabled = 'O'",
        db::Params::of(name));
    if (!search.empty()) table.search = search[0].optional_text(0).value_or("");
    return table;
}

/// Asks for each derived field, so that an expression which the table can't answer is told here and not by
/// the first list.
void try_derived(db::Connection& connection, const Model& model, Table& table) {
    for (const Field& field : model.fields) {
        if (!field.is_derived() || table.columns.empty()) continue;
        db::Params params;
        const std::string question =
            "SELECT " + field.type->select(field, "t") + " FROM " + model.table + " t LIMIT 0";
        try {
            connection.run(at_moment(question, Timestamp{}, Actor::system(), params), params);
        } catch (const db::Error& error) {
            if (error.is_disconnect()) throw;
            table.underivable.push_back("can't answer " + field.name + ": " + error.what());
        }
    }
}

std::string delete_rule(const Field& field) {
    if (field.rules.on_delete == Delete::cascade) return " ON DELETE CASCADE";
    if (field.rules.on_delete == Delete::set_null) return " ON DELETE SET NULL";
    return {};
}

/// Compares one model and writes down what is missing.
class Comparison {
public:
    Comparison(const Model& model, const Table& table, SchemaReport& report)
        : model_(model), table_(table), report_(report) {}

    void run() {
        if (table_.columns.empty()) return miss_table();
        for (const Field& field : model_.fields) {
            if (field.is_derived()) continue;
            for (const Column& column : field.type->columns(field)) compare_column(field, column);
            compare_reference(field);
            compare_index(field);
        }
        for (const std::string& fault : table_.underivable) say(fault);
        compare_trash();
        if (!table_.has_history)
            say("has no trigger core_audit that writes down its changes, which `tamiti migrate` attaches");
        for (const Check& check : model_.checks) {
            if (check.by_trigger)
                need_trigger(check.name);
            else
                need_constraint(check.name, "CHECK (" + check.sql + ")");
        }
        for (const Unique& unique : model_.unique) need_name(unique.name, "is unique");
        compare_search();
    }

private:
    void say(const std::string& what) {
        report_.faults.push_back(model_.name + ": the table " + model_.table + " " + what + ".");
    }
    void draft(const std::string& sql) { report_.draft += sql + ";\n"; }

    std::string column_definition(const Field& field, const Column& column) const {
        return column.name + " " + column.type + (field.nullable ? "" : " NOT NULL");
    }

    static std::vector<Column> columns_of(const Field& field) {
        return field.is_derived() ? std::vector<Column>() : field.type->columns(field);
    }

    void miss_table() {
        say("does not exist");
        std::string sql = "CREATE TABLE " + model_.table + " (";
        for (const Field& field : model_.fields)
            for (const Column& column : columns_of(field))
                sql += (sql.back() == '(' ? "\n    " : ",\n    ") + column_definition(field, column) +
                       (field.type == &id_type() ? " PRIMARY KEY" : "");
        draft(sql + "\n)");
    }

    void compare_column(const Field& field, const Column& column) {
        const auto found = table_.columns.find(column.name);
        if (found == table_.columns.end()) {
            say("has no column " + column.name);
            return draft("ALTER TABLE " + model_.table + " ADD COLUMN " + column_definition(field, column));
        }
        if (found->second.type != column.type)
            say("has " + column.name + " as " + found->second.type + " where the model says " + column.type);
        if (found->second.nullable != field.nullable)
            say(std::string("lets ") + column.name +
                (field.nullable ? " not be null where the model allows it"
                                : " be null where the model forbids it"));
    }

    void compare_reference(const Field& field) {
        if (field.type != &reference_type()) return;
        const std::string name = model_.table + "_" + field.name + "_fkey";
        const std::string wanted = "FOREIGN KEY (" + field.name + ") REFERENCES " + field.target().table +
                                   "(id)" + delete_rule(field);
        const auto found = table_.constraints.find(name);
        if (found != table_.constraints.end() && found->second == wanted) return;
        say(found == table_.constraints.end() ? "has no foreign key " + name
                                              : "has a foreign key " + name + " that is not " + wanted);
        if (found == table_.constraints.end())
            draft("ALTER TABLE " + model_.table + " ADD CONSTRAINT " + name + " " + wanted + " NOT VALID");
    }

    /// Where a row is used is asked of every reference, and of every record.
    static bool is_walked(const Field& field) {
        const bool refers = field.target && field.type != &id_type();
        return refers || (!field.record.empty() && field.type == &row_type());
    }

    void compare_walked(const Field& field) {
        const std::string how = field.type->is_set() ? "gin" : "btree";
        if (table_.found.contains(how + " " + field.name)) return;
        say("has no " + how + " index of every row that begins with " + field.name +
            ", which leads to others");
        draft("CREATE INDEX " + model_.table + "_" + field.name + " ON " + model_.table + " USING " + how +
              " (" + field.name + ")");
    }

    void compare_index(const Field& field) {
        const bool used = field.rules.filter != Match::none || field.rules.sort;
        if (field.rules.unique) compare_unique(field);
        if (is_walked(field)) return compare_walked(field);
        if (field.rules.sort) compare_order(field);
        if (!used) return;
        const std::string column = field.type->columns(field).front().name;
        // Text is also found through an index over the form in which it compares.
        if (table_.indexed.contains(column) || table_.indexed.contains("lower(" + column + ")") ||
            table_.indexed.contains("core_same(" + column + ")"))
            return;
        say("has no index that begins with " + column + ", which lists filter or sort by");
        const char* how = field.type->is_set() ? " USING gin (" : " (";
        draft("CREATE INDEX " + model_.table + "_" + column + " ON " + model_.table + how + column + ")");
    }

    /// Lists walk along indexes, which must have their order in both directions.
    void compare_order(const Field& field) {
        const auto need = [&](bool is_there, const std::string& order, const char* ending, const char* why) {
            if (is_there) return;
            say("has no index that begins with " + order + ", " + why);
            draft("CREATE INDEX " + model_.table + "_" + field.name + ending + " ON " + model_.table + " (" +
                  order + ", id" + (field.nullable ? " DESC" : "") + ")");
        };
        if (field.type == &text_type())
            need(table_.sorted.contains(field.name), order_value(field, field.name), "_sorted",
                 "which lists are sorted by as people sort text");
        if (field.nullable)
            need(table_.backwards.contains(field.name), field.name + " DESC NULLS LAST", "_backwards",
                 "which lists are sorted by from the last to those without a value");
    }

    /// One line of text is unique as it reads, not as it is written.
    void compare_unique(const Field& field) {
        const bool is_there = need_name(field.name + "_unique", "keeps " + field.name + " unique");
        const std::string form = "core_same(" + field.name + ")";
        if (!is_there || field.type != &text_type() || table_.indexed.contains(form)) return;
        say("has no unique index over " + form + ", so what reads alike could be there twice");
        draft("CREATE UNIQUE INDEX " + model_.table + "_" + field.name + "_unique ON " + model_.table + " (" +
              form + ")");
    }

    void compare_trash() {
        if (model_.deleted_at < 0 || table_.indexed.contains("deleted_at")) return;
        say("has no index that begins with deleted_at, which the trash is listed and purged by");
        draft("CREATE INDEX " + model_.table + "_deleted_at ON " + model_.table +
              " (deleted_at) WHERE deleted_at IS NOT NULL");
    }

    void compare_search() {
        const SearchTrigger wanted = search_trigger(model_);
        if (!model_.searchable || table_.search == wanted.comment) return;
        say(table_.search.empty() ? "has no trigger core_search that keeps what its rows are found by"
                                  : "has a trigger core_search for \"" + table_.search + "\" instead of \"" +
                                        wanted.comment + "\"");
        draft(wanted.call);
    }

    void need_constraint(const std::string& name, const std::string& definition) {
        if (table_.constraints.contains(model_.table + "_" + name)) return;
        say("has no constraint " + model_.table + "_" + name);
        draft("ALTER TABLE " + model_.table + " ADD CONSTRAINT " + model_.table + "_" + name + " " +
              definition + " NOT VALID");
    }

    void need_trigger(const std::string& name) {
        if (!table_.triggers.contains(model_.table + "_" + name))
            say("has no trigger " + model_.table + "_" + name + ", which keeps a rule");
    }

    bool need_name(const std::string& name, const std::string& what) {
        const std::string full = model_.table + "_" + name;
        const bool is_there = table_.constraints.contains(full) || table_.indexes.contains(full);
        if (!is_there) say("has no constraint or index " + full + " that " + what);
        return is_there;
    }

    const Model& model_;
    const Table& table_;
    SchemaReport& report_;
};

}  // namespace

SchemaReport compare_schema(db::Connection& connection, const Catalogue& catalogue) {
    SchemaReport report;
    for (const Model* model : catalogue.models()) {
        Table table = read_table(connection, model->table);
        try_derived(connection, *model, table);
        Comparison(*model, table, report).run();
    }
    const db::Result guards =
        connection.run("SELECT core_guards_are($1::jsonb)", db::Params::of(guarded_columns(catalogue)));
    if (!guards[0].boolean(0))
        report.faults.emplace_back(
            "core_guarded: says of other columns than the descriptions which permission they need, which "
            "`tamiti migrate` mends.");
    return report;
}

}  // namespace tamiti
