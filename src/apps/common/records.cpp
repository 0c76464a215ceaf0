#include "apps/common/records.hpp"

#include <algorithm>

#include "core/model/output.hpp"

namespace tamiti::common {
namespace {

std::string words(std::string noun) {
    std::replace(noun.begin(), noun.end(), '_', ' ');
    return noun;
}

// Of the fields that say what a row is called the first that it has.
const Field* naming_field(const Model& model) {
    for (const char* name : {"name", "title", "username", "code"}) {
        const Field* field = model.find(name);
        if (field && !field->rules.read) return field;
    }
    return nullptr;
}

}  // namespace

bool may_carry(const Model& model) {
    return !model.find("on_row");
}

const Resource& listed(ReadTx& tx, const std::string& on_model) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const Model* model = catalogue.model_named(on_model);
    const Resource* resource = model ? catalogue.resource_of(*model) : nullptr;
    if (!resource) throw Invalid("on_model", "There is no model of this name, such as projects.project.");
    return *resource;
}

const Resource& require_record(ReadTx& tx, const Actor& who, const std::string& on_model,
                               const Uuid& on_row) {
    const Resource& resource = listed(tx, on_model);
    if (!may_carry(*resource.model))
        throw Invalid("on_model", "Name the model of the record itself, not one that hangs on a record.");
    if (!sees(tx, who, resource, on_row))
        throw Invalid("on_row",
                      "This is not the id of a " + words(resource.model->noun) + " that you can see.");
    return resource;
}

bool sees(ReadTx& tx, const Actor& who, const Resource& resource, const Uuid& row) {
    return tx.row_lies_in(*resource.model, row, resource.visible_to(who));
}

std::string label_of(ReadTx& tx, const Resource& resource, const Uuid& row) {
    const Model& model = *resource.model;
    const Field* field = naming_field(model);
    if (!field) return words(model.noun);
    const auto name = tx.value<std::optional<std::string>>(
        Sql{"SELECT t.{} FROM {} AS t WHERE t.id = {}", db::name(field->name), db::name(model.table), row});
    return name ? words(model.noun) + " " + *name : words(model.noun);
}

}  // namespace tamiti::common
