#include "core/model/row_rules.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/model/derived.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
namespace {

bool names_field(const Check& check, const Field& field) {
    return !field.is_derived() && std::ranges::any_of(field.type->columns(field), [&](const Column& column) {
        return names_word(check.sql, column.name);
    });
}

/// The row of a draft as far as the rules name its fields, as something to select from.
std::string row_of(const Draft& draft, const std::vector<int>& rules, db::Params& params) {
    std::vector<std::string> values;
    for (std::size_t at = 0; at < draft.values.size(); ++at) {
        const Field& field = draft.model->fields[at];
        const auto is_about = [&](int rule) {
            return names_field(draft.model->checks[static_cast<std::size_t>(rule)], field);
        };
        if (std::ranges::none_of(rules, is_about)) continue;
        int parameter = params.size();
        field.type->bind(draft.values[at], params);
        for (const Column& column : field.type->columns(field))
            values.push_back(placeholder(++parameter, column.type) + " AS " + column.name);
    }
    return "(SELECT " + join(values, ", ") + ") AS t";
}

}  // namespace

std::vector<int> rules_about(const Model& model, const std::vector<int>& fields,
                             const std::vector<FieldError>& faults) {
    std::vector<int> rules;
    for (std::size_t at = 0; at < model.checks.size(); ++at) {
        const Check& check = model.checks[at];
        const auto is_named = [&](int field) {
            return names_field(check, model.fields[static_cast<std::size_t>(field)]);
        };
        const auto is_about_a_fault = [&](const Field& field) {
            return names_field(check, field) && is_at_fault(field, faults);
        };
        if (!check.by_trigger && std::ranges::any_of(fields, is_named) &&
            std::ranges::none_of(model.fields, is_about_a_fault))
            rules.push_back(static_cast<int>(at));
    }
    return rules;
}

void ask_rules(Tx& tx, const Draft& draft, const std::vector<int>& rules) {
    if (rules.empty()) return;
    std::vector<std::string> questions;
    std::vector<FieldError> refusals;
    for (const int rule : rules) {
        const Check& check = draft.model->checks[static_cast<std::size_t>(rule)];
        questions.push_back("(" + check.sql + ") IS NOT FALSE");
        refusals.push_back({check.field.empty() ? check.name : check.field, check.message});
    }
    db::Params params;
    const std::string row = row_of(draft, rules, params);
    tx.transaction().ask("SELECT " + join(questions, ", ") + " FROM " + row, std::move(params),
                         [refusals = std::move(refusals)](const db::Result& kept) {
                             std::vector<FieldError> faults;
                             for (std::size_t i = 0; i < refusals.size(); ++i)
                                 if (!kept[0].boolean(static_cast<int>(i))) faults.push_back(refusals[i]);
                             if (!faults.empty()) throw Invalid(std::move(faults));
                         });
}

bool is_at_fault(const Field& field, const std::vector<FieldError>& faults) {
    return std::ranges::any_of(faults, [&](const FieldError& fault) {
        return fault.field == field.name || fault.field.starts_with(field.name + ".");
    });
}

void add_faults(std::vector<FieldError>& faults, const std::vector<FieldError>& more) {
    for (const FieldError& one : more)
        if (std::ranges::find(faults, one.field, &FieldError::field) == faults.end()) faults.push_back(one);
}

}  // namespace tamiti
