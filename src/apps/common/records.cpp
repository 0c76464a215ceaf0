#include "apps/common/records.hpp"

namespace tamiti::common {

const Resource& listed(ReadTx& tx, const std::string& on_model) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const Model* model = catalogue.model_named(on_model);
    const Resource* resource = model ? catalogue.resource_of(*model) : nullptr;
    if (!resource) throw Invalid("on_model", "There is no model of this name, such as projects.project.");
    return *resource;
}

}  // namespace tamiti::common
