#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/db/result.hpp"
#include "core/db/sql.hpp"
#include "core/model/catalogue.hpp"

/// Entries of the audit trail on their way out.
namespace tamiti::audit {

/// What is told of each entry: in a row's own history, what happened to it; in the log, also which row it is
/// and where the change came from.
enum class Detail : unsigned char { history, history_with_origin, log };

/// What write_entries() reads: columns of the entries e joined with their changes c, which are the pairs of
/// jsonb_each(e.changes). Rows of one entry must follow each other.
/// They are read by place, without a copy of each value: a page of entries is thousands of them.
inline Sql entry_columns() {
    return {R"(e.id, e.at, e.table_name, e.row_id, e.verb, e.actor, e.address, e.request, e.via, c.key,
               jsonb_typeof(c.value -> 0), c.value ->> 0, jsonb_typeof(c.value -> 1), c.value ->> 1)"};
}

/// Ids of the entries in such a result, in their order.
std::vector<std::int64_t> ids_of_entries(const db::Result& rows);

/// Appends the first `most` entries as a JSON array. Of a model's row only fields that the actor may read are
/// told, in the form in which the API shows them.
void write_entries(const db::Result& rows, const Catalogue& catalogue, const Actor& who, Detail detail,
                   int most, std::string& out);

/// The model with that table, or nullptr where no installed app mounts one.
const Model* model_of_table(const Catalogue& catalogue, std::string_view table);

/// "projects.project" for "projects_project": what a table's model is called, mounted or not.
std::string model_name(const Catalogue& catalogue, std::string_view table);

/// Columns of the fields whose changes the actor may read.
std::vector<std::string> readable_columns(const Model& model, const Actor& who);

}  // namespace tamiti::audit
