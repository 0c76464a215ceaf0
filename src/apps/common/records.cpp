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
        const int position = model.find(name);
        if (position < 0) continue;
        const Field& field = model.fields[static_cast<std::size_t>(position)];
        if (!field.rules.read) return &field;
    }
    return nullptr;
}

}  // namespace

bool may_carry(const Model& model) {
    return model.find("on_row") < 0;
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
    db::Params params;
    const std::string rows = visible_rows(resource, who, params);
    const std::string id = "$" + std::to_string(params.add(row));
    return tx.transaction()
        .run("SELECT EXISTS (SELECT FROM " + rows + " AS record WHERE record.id = " + id + ")", params)[0]
        .boolean(0);
}

std::string label_of(ReadTx& tx, const Resource& resource, const Uuid& row) {
    const Model& model = *resource.model;
    const Field* field = naming_field(model);
    if (!field) return words(model.noun);
    const db::Result found =
        tx.rows("SELECT t." + field->name + " FROM " + model.table + " AS t WHERE t.id = $1", row);
    if (found.empty()) return words(model.noun);
    return words(model.noun) + " " + std::string(found[0].text(0));
}

}  // namespace tamiti::common
