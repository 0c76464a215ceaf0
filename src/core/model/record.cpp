#include "core/model/record.hpp"

#include <algorithm>

#include "core/model/catalogue.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti {
namespace {

constexpr int longest_model_name = 100;

/// A model that carries others, and its rows that somebody sees.
struct Carrier {
    const Model& model;
    Scope seen;
};

/// Those of which the actor may see rows; the named one alone where one is named.
std::vector<Carrier> carriers(const Actor& who, const Catalogue& catalogue, const std::string& named) {
    std::vector<Carrier> found;
    for (const Resource* resource : catalogue.resources()) {
        const Model& model = *resource->model;
        if (!model.carries || (!named.empty() && named != model.name)) continue;
        if (Scope seen = resource->visible_to(who); !seen.is_none())
            found.push_back({model, std::move(seen)});
    }
    return found;
}

}  // namespace

std::vector<Field> record_fields(const std::string& name, const Rules& rules) {
    Field model{.name = name + "_model", .type = &text_type(), .rules = rules, .record = name};
    model.rules.max_length = longest_model_name;
    model.rules.help = "The model of the record that it is about, such as projects.project.";
    model.rules.example = "projects.project";
    Field row{.name = name + "_row", .type = &row_type(), .rules = rules, .record = name};
    row.rules.help = "The id of that record.";
    return {std::move(model), std::move(row)};
}

const RecordFields* record_named(const Model& model, std::string_view name) {
    const auto found = std::ranges::find(model.records, name, &RecordFields::name);
    return found == model.records.end() ? nullptr : &*found;
}

std::string carrier_fault(const Catalogue& catalogue, std::string_view model) {
    const Model* found = catalogue.model_named(model);
    if (!found) return "There is no model of this name, such as projects.project.";
    if (!found->carries)
        return "Nothing hangs on rows of this model; name another, such as projects.project.";
    return {};
}

const Resource& carrier(ReadTx& tx, const Record& record, const std::string& name) {
    const Catalogue& catalogue = *tx.site().catalogue;
    if (std::string fault = carrier_fault(catalogue, record.model); !fault.empty())
        throw Invalid(name + "_model", std::move(fault));
    return *catalogue.resource_of(*catalogue.model_named(record.model));
}

std::string not_seen(const Model& model) {
    std::string noun = model.noun;
    std::ranges::replace(noun, '_', ' ');
    return "This is not the id of a " + noun + " that you can see.";
}

void require_record(ReadTx& tx, const Actor& who, const Record& record, const std::string& name) {
    const Resource& resource = carrier(tx, record, name);
    if (!tx.row_lies_in(*resource.model, record.row, resource.visible_to(who)))
        throw Invalid(name + "_row", not_seen(*resource.model));
}

bool sees(ReadTx& tx, const Actor& who, const Record& record) {
    const Catalogue& catalogue = *tx.site().catalogue;
    if (!carrier_fault(catalogue, record.model).empty()) return false;
    const Resource& resource = carrier(tx, record, {});
    return tx.row_lies_in(*resource.model, record.row, resource.visible_to(who));
}

Scope of_visible_records(const Actor& who, const Catalogue& catalogue, const RecordFields& record,
                         const RecordsNamed& about) {
    const Sql model_column = db::name(record.name + "_model");
    const Sql row_column = db::name(record.name + "_row");
    std::vector<Sql> any;
    for (const auto& [model, seen] : carriers(who, catalogue, about.model))
        any.push_back({"({} = {} AND EXISTS (SELECT FROM {} AS record WHERE record.id = {}))", model_column,
                       db::literal(model.name), scoped_rows(model, seen), row_column});
    return any.empty() ? Scope::none() : Scope(db::join(any, " OR "));
}

RecordsNamed records_named(const Resource& resource,
                           const std::vector<std::pair<std::string, std::string>>& filters) {
    RecordsNamed named;
    if (resource.access.seen_with.empty()) return named;
    const std::string record(resource.access.seen_with);
    for (const auto& [filter, value] : filters) {
        if (filter == record + "_model") named.model = value;
        if (filter == record + "_row") named.is_one = true;
    }
    return named;
}

}  // namespace tamiti
