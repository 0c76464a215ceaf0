#include "core/engine/erasure.hpp"

#include <ranges>

#include "core/audit/audit.hpp"
#include "core/program/registry.hpp"

namespace tamiti {

void erase_person(Tx& tx, const Uuid& person) {
    for (const App& app : tx.site().registry->apps() | std::views::reverse) {
        for (const Resource& resource : app.resources) {
            const Model& model = *resource.model;
            if (model.person < 0) continue;
            const std::string& whose = model.fields[static_cast<std::size_t>(model.person)].name;
            audit::erase_personal(tx, model, where("{} = {}", db::name(whose), person));
        }
        if (app.erase) app.erase(tx, person);
    }
}

}  // namespace tamiti
