#include "core/model/record.hpp"

#include <algorithm>

#include "core/base/sentences.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/label.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti {
namespace {

constexpr int longest_model_name = 100;
constexpr int few_records = 5'000;  // of so many what hangs on them is found by the index of their ids

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
    return "This is not the id of " + with_article(noun_of(model)) + " that you can see.";
}

void require_record(ReadTx& tx, const Actor& who, const Record& record, const std::string& name) {
    const Resource& resource = carrier(tx, record, name);
    if (!tx.row_lies_in(*resource.model, record.row, resource.visible_to(who)))
        throw Invalid(name + "_row", not_seen(*resource.model));
}

void require_open_record(Tx& tx, const Actor& who, const Record& record) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const Model* model = catalogue.model_named(record.model);
    const Resource* resource = model ? catalogue.resource_of(*model) : nullptr;
    if (resource && resource->before_hung) resource->before_hung(tx, who, record.row);
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
    std::vector<Sql> any, reached, ids, beside, beside_ids;
    for (const auto& [model, seen] : carriers(who, catalogue, about.model)) {
        const Sql rows = scoped_rows(model, seen);
        any.push_back({"({} = {} AND EXISTS (SELECT FROM {} AS record WHERE record.id = {}))", model_column,
                       db::literal(model.name), rows, row_column});
        // Of whom somebody sees all the ids would be a whole table, and those of one row are soon told.
        if (seen.is_all() || about.is_one) {
            beside.push_back(any.back());
            beside_ids.push_back({"SELECT r.id FROM {} AS r", rows});
        } else {
            reached.push_back(any.back());
            ids.push_back({"SELECT r.id FROM {} AS r", rows});
        }
    }
    if (any.empty()) return Scope::none();
    const Sql condition = db::join(any, " OR ");
    if (reached.empty()) return Scope(condition);
    return Scope::found_by(condition, {.ids = db::join(ids, " UNION ALL "),
                                       .column = row_column,
                                       .rest = Scope(db::join(reached, " OR ")),
                                       .beside = db::join(beside, " OR "),
                                       .beside_ids = db::join(beside_ids, " UNION ALL "),
                                       .few = few_records,
                                       .tells_rows = false});
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
