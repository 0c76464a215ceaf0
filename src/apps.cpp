#include "core/engine/engine.hpp"
#include "core/program/app.hpp"

// One line for each app, in the order in which they are migrated, seeded and documented. An app may refer
// only to those above it. Adding or removing an app is its folder under apps/ and its line here.
// clang-format off
#define TAMITI_APPS(ADD) \
    ADD(users) \
    ADD(auth) \
    ADD(people) \
    ADD(common) \
    ADD(projects) \
    /* the list ends here */
// clang-format on

namespace tamiti {

#define TAMITI_DECLARE(name) \
    namespace name {         \
    App app();               \
    }
TAMITI_APPS(TAMITI_DECLARE)
#undef TAMITI_DECLARE

std::vector<App> installed_apps() {
    std::vector<App> apps = {engine()};
#define TAMITI_INSTALL(name) apps.push_back(name::app());
    TAMITI_APPS(TAMITI_INSTALL)
#undef TAMITI_INSTALL
    return apps;
}

}  // namespace tamiti
