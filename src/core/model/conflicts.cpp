#include "core/model/conflicts.hpp"

#include <algorithm>
#include <chrono>

#include "core/cache/throttle.hpp"
#include "core/model/output.hpp"

namespace tamiti {
namespace {

/// Whoever mistypes codes and names for an hour stays under it; who tries them out is stopped at once.
constexpr Limit hidden_conflicts{"hidden_conflicts", 20, std::chrono::hours(1)};

bool is_unique(const Model& model, const Field& field) {
    return field.rules.unique || std::ranges::any_of(model.unique, [&](const Unique& unique) {
               return unique.field == field.name;
           });
}

/// The field by which a conflict is told; null where none is.
const Field* field_of(const Model& model, const db::Error& error) {
    const std::string prefix = model.table + "_";
    if (!error.constraint.starts_with(prefix)) return nullptr;
    const std::string name = error.constraint.substr(prefix.size());
    for (const Unique& unique : model.unique)
        if (name == unique.name) return model.find(unique.field);
    constexpr std::string_view ending = "_unique";
    return name.ends_with(ending) ? model.find(name.substr(0, name.size() - ending.size())) : nullptr;
}

/// Whether the actor sees a row with that value.
bool is_seen(Tx& tx, const Resource& resource, const Actor& who, const Field& field,
             const std::string& value) {
    db::Params params;
    const std::string rows = visible_rows(resource, who).render(params);
    const std::string is_it = field.type->equals(field, "t", params.add(value));
    const std::string statement = "SELECT EXISTS (SELECT FROM " + rows + " t WHERE " + is_it + ")";
    return tx.transaction().run(statement, params)[0].boolean(0);
}

}  // namespace

bool may_meet_hidden(const Resource& resource, const Actor& who, const Model& model,
                     const std::vector<int>& fields) {
    if (who.is_system || who.id.is_nil()) return false;
    const bool writes_unique = std::ranges::any_of(
        fields, [&](int field) { return is_unique(model, model.fields[static_cast<std::size_t>(field)]); });
    return writes_unique && !resource.visible_to(who).is_all();
}

void require_few_conflicts(Tx& tx, const Actor& who) {
    const Allowance left = peek(tx.site(), hidden_conflicts, who.id.text());
    if (left.remaining <= 0) throw too_many_requests(hidden_conflicts, left);
}

void count_conflict(Tx& tx, const Resource& resource, const Actor& who, const Draft& row,
                    const db::Error& error) {
    const Field* field = field_of(*row.model, error);
    if (!field) return;
    const auto& value = row[row.model->position_of(*field)];
    if (value && !is_seen(tx, resource, who, *field, *value)) count_hidden_conflict(tx, who);
}

void count_hidden_conflict(Tx& tx, const Actor& who) {
    if (!who.is_system && !who.id.is_nil()) take(tx.site(), hidden_conflicts, who.id.text());
}

}  // namespace tamiti
