#include "core/model/seen.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/db/sql.hpp"
#include "core/model/derived.hpp"
#include "core/model/output.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_guards = 4;  // each doubles the sets that there are

/// The permissions of a set as an array of SQL, those that are in it or those that are not.
std::string guards_in(const Model& model, std::size_t set, bool in) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < model.guards.size(); ++i)
        if (((set >> i & 1) == 1) == in) names.push_back(db::literal(model.guards[i]).text());
    return "ARRAY[" + join(names, ", ") + "]::text[]";
}

std::string hidden_changes(const Model& model, const std::string& what, const std::string& which) {
    return "(SELECT " + what + " FROM core_hidden_change AS h WHERE h.row_id = $row.id AND h.of_table = " +
           db::literal(model.table).text() + " AND " + which + ")";
}

/// What stands for version and time of change for those who have that set of the model's guards. A change is
/// theirs when it touched a field that is free to read, which the empty list stands for, or one of theirs.
SeenFields seen_by(const Model& model, std::size_t set) {
    const std::string seen = "(h.guards = '{}' OR h.guards && " + guards_in(model, set, true) + ")";
    SeenFields fields{model.fields[static_cast<std::size_t>(model.version)],
                      model.fields[static_cast<std::size_t>(model.updated_at)]};
    fields.version.expression =
        "($row.version - coalesce(" + hidden_changes(model, "sum(h.changes)", "NOT " + seen) + ", 0))";
    fields.updated_at.expression =
        "coalesce(" + hidden_changes(model, "max(h.at)", seen) + ", $row.updated_at)";
    return fields;
}

/// Which of the model's guards the actor has, one bit for each.
std::size_t set_of(const Model& model, const Actor& who) {
    std::size_t set = 0;
    for (std::size_t i = 0; i < model.guards.size(); ++i)
        if (who.can(model.guards[i])) set |= std::size_t{1} << i;
    return set;
}

}  // namespace

void complete_guards(Model& model) {
    for (const Field& field : model.fields)
        if (field.rules.read && std::ranges::find(model.guards, field.rules.read) == model.guards.end())
            model.guards.emplace_back(field.rules.read);
    if (model.guards.empty()) return;
    if (model.guards.size() > most_guards || model.updated_at < 0)
        throw std::logic_error(model.name +
                               ": fields with `read` have four permissions at most, and a row "
                               "of theirs knows when it was changed");
    const std::size_t all = (std::size_t{1} << model.guards.size()) - 1;
    for (std::size_t set = 0; set < all; ++set) model.seen.push_back(seen_by(model, set));
}

bool sees_every_field(const Model& model, const Actor& who) {
    return model.guards.empty() || set_of(model, who) >= model.seen.size();
}

const Field& as_seen(const Model& model, const Field& field, const Actor& who) {
    if (model.guards.empty()) return field;
    const bool is_version = &field == &model.fields[static_cast<std::size_t>(model.version)];
    if (!is_version && &field != &model.fields[static_cast<std::size_t>(model.updated_at)]) return field;
    const std::size_t set = set_of(model, who);
    if (set >= model.seen.size()) return field;
    return is_version ? model.seen[set].version : model.seen[set].updated_at;
}

std::int64_t seen_version(ReadTx& tx, const Model& model, const Actor& who, const Uuid& id,
                          std::int64_t version) {
    if (sees_every_field(model, who)) return version;
    const Field& seen = model.seen[set_of(model, who)].version;
    return tx.value<std::int64_t>(Sql{"SELECT {} FROM {} AS t WHERE t.id = {}",
                                      Sql::verbatim(derived_value(seen, "t")), db::name(model.table), id});
}

std::string guarded_columns(const Catalogue& catalogue) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    for (const Model* model : catalogue.models()) {
        for (const Field& field : model->fields) {
            if (!field.rules.read || field.is_derived()) continue;
            for (const Column& column : field.type->columns(field)) {
                writer.begin_object();
                writer.key("of_table");
                writer.string(model->table);
                writer.key("name");
                writer.string(column.name);
                writer.key("guard");
                writer.string(field.rules.read);
                writer.end_object();
            }
        }
    }
    writer.end_array();
    return out;
}

}  // namespace tamiti
