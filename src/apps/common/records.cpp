#include "apps/common/records.hpp"

#include <algorithm>

#include "core/model/member.hpp"

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

const Resource& listed(ReadTx& tx, const std::string& on_model) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const Model* model = catalogue.model_named(on_model);
    const Resource* resource = model ? catalogue.resource_of(*model) : nullptr;
    if (!resource) throw Invalid("on_model", "There is no model of this name, such as projects.project.");
    return *resource;
}

std::string label_of(ReadTx& tx, const Record& record) {
    const Model& model = *carrier(tx, record, "on").model;
    const Field* field = naming_field(model);
    if (!field) return words(model.noun);
    const auto name =
        tx.value<std::optional<std::string>>(Sql{"SELECT t.{} FROM {} AS t WHERE t.id = {}",
                                                 db::name(field->name), db::name(model.table), record.row});
    return name ? words(model.noun) + " " + *name : words(model.noun);
}

}  // namespace tamiti::common
