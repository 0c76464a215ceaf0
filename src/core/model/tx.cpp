#include "core/model/tx.hpp"

#include <stdexcept>

#include "core/model/draft.hpp"
#include "core/model/output.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_values = 30'000;  // a statement takes 65,535, and money is two

}  // namespace

void ReadTx::load_row(const Model& model, const db::Row& from, void* row) {
    for (std::size_t i = 0; i < model.fields.size(); ++i)
        model.fields[i].load(row, from.optional_text(static_cast<int>(i)));
}

bool ReadTx::load_one(const Model& model, const Uuid& id, const Scope& scope, bool lock, void* row) {
    const db::Result result =
        transaction_.run(Sql{"SELECT {} FROM {} t WHERE t.id = {}{}", model.columns,
                             scoped_rows(model, scope), id, lock ? Sql(" FOR UPDATE OF t") : Sql()});
    if (result.empty()) return false;
    load_row(model, result[0], row);
    return true;
}

db::Result ReadTx::load_rows(const Model& model, const Sql& condition) {
    return transaction_.run(
        Sql{"SELECT {} FROM {} t WHERE {}", model.columns, db::name(model.table), condition});
}

bool ReadTx::row_lies_in(const Model& model, const Uuid& id, const Scope& scope) {
    if (scope.is_none()) return false;
    return exists(Sql{"SELECT FROM {} t WHERE t.id = {}", scoped_rows(model, scope), id});
}

void ReadTx::not_one_row(std::size_t found, const Sql& sql) {
    throw std::logic_error("one row is wanted, not the " + std::to_string(found) + " of: " + sql.text());
}

void Tx::lock_row(const Model& model, const Uuid& id, const Scope& visible, const Scope& changeable,
                  void* row) {
    const db::Result result = transaction_.run(lock_statement(model, id, visible, changeable));
    if (result.empty()) throw NotFound();
    if (!result[0].boolean(static_cast<int>(model.fields.size())))
        throw Forbidden("access.denied", "You may see this " + model.noun + " but not change it.");
    load_row(model, result[0], row);
}

int Tx::update_rows(const Model& model, const Sql& set, const Scope& which, Trash trash) {
    Sql stamped = set;
    if (model.updated_at >= 0) stamped.append({", updated_at = {}", now_});
    const bool some_stay = model.deleted_at >= 0 && trash == Trash::left_out;
    return execute(Sql{"UPDATE {} SET {}, version = version + 1 WHERE {}{}", db::name(model.table), stamped,
                       which, some_stay ? Sql(" AND deleted_at IS NULL") : Sql()});
}

void Tx::insert_rows(const Model& model, const std::vector<void*>& rows) {
    std::vector<Draft> drafts;
    db::Params params;
    for (std::size_t from = 0; from < rows.size(); from += drafts.size()) {
        drafts.clear();
        params = {};
        const std::size_t most = most_values / model.fields.size();
        for (std::size_t i = from; i < rows.size() && drafts.size() < most; ++i)
            drafts.push_back(new_draft(model, rows[i], now_));
        for (const Draft& draft : drafts) bind(draft, params);
        transaction_.run(drafts.size() == 1 ? model.insertion : insertion_of(model, drafts.size()), params);
        for (std::size_t i = 0; i < drafts.size(); ++i) to_row(drafts[i], rows[from + i]);
    }
}

void Tx::save_row(const Model& model, void* row, const std::vector<const void*>& members) {
    Draft draft = initial_draft(model);
    from_row(draft, row);
    std::vector<int> fields;
    for (const void* member : members) {
        const std::size_t known = fields.size();
        // A member is named by its address in the row, which is that of what its field reads; a Record is
        // two.
        for (std::size_t i = 0; i < model.fields.size(); ++i)
            if (model.fields[i].address(row) == member && !model.fields[i].is_derived())
                fields.push_back(static_cast<int>(i));
        if (fields.size() == known)
            throw std::logic_error(model.name + ": save names a member without a column");
    }
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
    const Sql table = db::name(model.table);
    if (model.deleted_at < 0) {
        if (execute(Sql{"DELETE FROM {} WHERE id = {}", table, id}) == 0) throw NotFound();
        return;
    }
    // The lock that rows wait for which are being added below this one.
    if (rows(Sql{"SELECT FROM {} WHERE id = {} AND deleted_at IS NULL FOR UPDATE", table, id}).empty())
        throw NotFound();
    execute(Sql{"UPDATE {} SET deleted_at = {}, updated_at = {}, version = version + 1 WHERE id = {}", table,
                now_, now_, id});
    if (site_.catalogue) trash_children(*this, model, {id.text()});
}

}  // namespace tamiti
