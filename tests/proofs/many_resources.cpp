#include "core/program/app.hpp"
#include "tests/support/toys.hpp"

/// The program with 300 resources more than the studio has: src/main.cpp over this list of apps. The
/// installed ones are in src/apps.cpp, which is built here under another name.
namespace tamiti {

std::vector<App> studio_apps();

std::vector<App> installed_apps() {
    std::vector<App> apps = studio_apps();
    for (App& toys : toys::apps(12, 25, 10)) apps.push_back(std::move(toys));
    return apps;
}

}  // namespace tamiti
