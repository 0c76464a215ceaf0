#include "core/engine.hpp"

namespace tamiti {

App engine() {
    return {
        .name = "core",
        .doc = "What every studio has: background work, history, search and mail.",
    };
}

}  // namespace tamiti
