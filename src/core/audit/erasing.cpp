#include <algorithm>
#include <stdexcept>

#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/model/draft.hpp"

namespace tamiti::audit {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

void require_personal(const Model& model, const Values& instead) {
    for (const auto& [name, value] : instead)
        if (!model.field(name).rules.personal)
            throw std::logic_error(model.name + "." + name + " isn't personal, so it isn't erased");
}

/// "column = $n, …" for the personal fields that can do without their value.
std::string assignments(const Model& model, const Values& instead, db::Params& params) {
    std::string text;
    for (const Field& field : model.fields) {
        if (!field.rules.personal) continue;
        const auto given = std::ranges::find(instead, field.name, &Values::value_type::first);
        if (given == instead.end() && field.rules.required) continue;
        std::optional<std::string> stored;
        if (given != instead.end())
            stored = given->second;
        else if (!field.nullable)
            stored = field.default_stored;
        text += assignment(field, stored, params) + ", ";
    }
    return text;
}

std::vector<std::string> personal_columns(const Model& model) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (field.rules.personal)
            for (const Column& column : field.type->columns(field)) names.push_back(column.name);
    return names;
}

}  // namespace

int erase_personal(Tx& tx, const Model& model, const Scope& which, const Values& instead) {
    require_personal(model, instead);
    db::Params params;
    const std::string values = assignments(model, instead, params);
    const std::string statement =
        Sql{"UPDATE {} SET {}version = version + 1, updated_at = {} WHERE {} RETURNING id",
            db::name(model.table), Sql::verbatim(values), tx.now(), which}
            .render(params);
    const auto rows = rows_of<std::string>(tx.transaction().run(statement, params));
    // After the change, whose own entry in the trail has the values of before.
    if (!rows.empty())
        tx.execute({"SELECT core_audit_forget(id, {}, {}) FROM unnest({}::uuid[]) AS id", model.table,
                    personal_columns(model), rows});
    return static_cast<int>(rows.size());
}

}  // namespace tamiti::audit
