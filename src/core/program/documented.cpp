#include "core/program/documented.hpp"

namespace tamiti {

Documented documented(const Registry& registry) {
    Documented made{registry.operations(), registry.catalogue(), registry.permissions()};
    for (const App& app : registry.apps()) {
        if (!app.resources.empty() || !app.routes.empty()) made.chapters.push_back({app.name, app.doc});
        made.problems.insert(made.problems.end(), app.problems.begin(), app.problems.end());
    }
    return made;
}

}  // namespace tamiti
