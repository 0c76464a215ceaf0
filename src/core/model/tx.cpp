#include "core/model/tx.hpp"

#include <stdexcept>

#include "core/model/draft.hpp"
#include "core/model/output.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

std::string all_columns(const Model& model) {
    std::string columns;
    for (const Field& field : model.fields) {
        if (!columns.empty()) columns += ", ";
        columns += field.type->select(field, "t");
    }
    return columns;
}

}  // namespace

void ReadTx::load_row(const Model& model, const db::Row& from, void* row) {
    for (std::size_t i = 0; i < model.fields.size(); ++i)
        model.fields[i].load(row, from.optional_text(static_cast<int>(i)));
}

bool ReadTx::load_one(const Model& model, const Uuid& id, const Scope& scope, bool lock, void* row) {
    db::Params params;
    const std::string rows = scoped_rows(model, scope, params);
    const std::string sql = "SELECT " + all_columns(model) + " FROM " + rows + " t WHERE t.id = $" +
                            std::to_string(params.add(id)) + (lock ? " FOR UPDATE OF t" : "");
    const db::Result result = transaction_.run(sql, params);
    if (result.empty()) return false;
    load_row(model, result[0], row);
    return true;
}

db::Result ReadTx::load_rows(const Model& model, const std::string& condition, const db::Params& params) {
    return transaction_.run("SELECT " + all_columns(model) + " FROM " + model.table + " t WHERE " + condition,
                            params);
}

void Tx::insert_row(const Model& model, void* row) {
    Draft draft = initial_draft(model);
    from_row(draft, row);
    auto& id = draft[model.id];
    if (Uuid::parse(id.value()).value().is_nil()) id = Uuid::make().text();
    if (model.created_at >= 0) draft[model.created_at] = format(now_);
    if (model.updated_at >= 0) draft[model.updated_at] = format(now_);
    draft[model.version] = "1";
    db::Params params;
    transaction_.run(insert_statement(draft, params), params);
    to_row(draft, row);
}

void Tx::save_row(const Model& model, void* row, const std::vector<const void*>& members) {
    Draft draft = initial_draft(model);
    from_row(draft, row);
    std::vector<int> fields;
    for (std::size_t i = 0; i < model.fields.size(); ++i) {
        // A member is named by its address in the row, which is that of what its field reads.
        for (const void* member : members)
            if (model.fields[i].address(row) == member) fields.push_back(static_cast<int>(i));
    }
    if (fields.size() != members.size())
        throw std::logic_error(model.name + ": save names a member without a field");
    draft[model.version] = std::to_string(std::stoll(draft[model.version].value()) + 1);
    fields.push_back(model.version);
    if (model.updated_at >= 0) {
        draft[model.updated_at] = format(now_);
        fields.push_back(model.updated_at);
    }
    db::Params params;
    const Uuid id = Uuid::parse(draft[model.id].value()).value();
    if (transaction_.run(update_statement(draft, fields, id, params), params).affected() != 1)
        throw NotFound();
    to_row(draft, row);
}

void Tx::remove_row(const Model& model, const Uuid& id) {
    if (model.deleted_at < 0) {
        if (execute("DELETE FROM " + model.table + " WHERE id = $1", id).affected() == 0) throw NotFound();
        return;
    }
    // The lock that rows wait for which are being added below this one.
    if (rows("SELECT FROM " + model.table + " WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", id).empty())
        throw NotFound();
    execute("UPDATE " + model.table +
                " SET deleted_at = $2, updated_at = $2, version = version + 1 WHERE id = $1",
            id, now_);
    if (site_.catalogue) trash_children(*this, model, {id.text()});
}

}  // namespace tamiti
