#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/result.hpp"
#include "core/db/sql.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/sheet.hpp"
#include "core/model/tx.hpp"

/// Entries of the audit trail on their way out.
namespace tamiti::audit {

/// What is told of each entry: in a row's own history, what happened to it; in the log, also which row it is
/// and where the change came from.
enum class Detail : unsigned char { history, history_with_origin, log };

/// What entries name by ids and an answer embeds: in place of the id the brief form of its row.
struct Expansion {
    bool actor = false;
    bool row = false;      ///< in the log
    bool changes = false;  ///< references among the values
};

/// The names that `expand` takes.
std::vector<std::string> expandable_in(Detail detail);

/// Reads `expand`; an unknown name is a Problem (400) that names those which exist.
Expansion read_expansion(const std::optional<std::string>& names, Detail detail);

/// What write_entries() reads: columns of the entries e, the last with the changes that `which` lets through,
/// a condition on the pairs c of jsonb_each(e.changes). They are read by place, without a copy of each value:
/// a page of entries is thousands of them.
inline Sql entry_columns(const Sql& which) {
    return {R"(e.id, e.at, e.table_name, e.row_id, e.verb, e.actor, e.address, e.request, e.via,
               (SELECT json_agg(json_build_array(c.key, jsonb_typeof(c.value -> 0), c.value ->> 0,
                                                 jsonb_typeof(c.value -> 1), c.value ->> 1))
                FROM jsonb_each(e.changes) AS c WHERE {}))",
            which};
}

/// The id of the entry in such a row.
std::int64_t id_of_entry(const db::Row& row);

/// Appends the first `most` entries as a JSON array. Of a model's row only fields that the actor may read are
/// told, in the form in which the API shows them.
void write_entries(ReadTx& tx, const db::Result& rows, const Actor& who, Detail detail,
                   const Expansion& expansion, int most, std::string& out);

/// Head and lines of such rows as a file, one line for each field that changed; people and references have
/// their labels beside the ids. The statements are the caller's.
Sheet entries_sheet(const Catalogue& catalogue, const Actor& who, Detail detail, Timestamp now);

/// Counts the lines of the entries of that FROM clause, up to `most` and one more.
Sql lines_counted(const Sql& entries, std::int64_t most);

/// The model with that table, or nullptr where no installed app mounts one.
const Model* model_of_table(const Catalogue& catalogue, std::string_view table);

/// "projects.project" for "projects_project": what a table's model is called, mounted or not.
std::string model_name(const Catalogue& catalogue, std::string_view table);

/// Columns of the fields whose changes the actor may read.
std::vector<std::string> readable_columns(const Model& model, const Actor& who);

}  // namespace tamiti::audit
