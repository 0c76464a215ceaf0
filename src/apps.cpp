#include "core/engine/engine.hpp"
#include "core/program/app.hpp"

// The installed apps, in the order in which they are migrated, seeded and documented. An app may refer only
// to those above it. Adding or removing one is its folder under apps/ and its two lines here.
// clang-format off
namespace tamiti {

namespace users { App app(); }
namespace auth { App app(); }
namespace people { App app(); }
namespace common { App app(); }
namespace projects { App app(); }
// declared above, listed below

std::vector<App> installed_apps() {
    return {
        engine(),
        users::app(),
        auth::app(),
        people::app(),
        common::app(),
        projects::app(),
        // the list ends here
    };
}

}  // namespace tamiti
