#include "core/app.hpp"

#include "apps/common/service.hpp"
#include "core/http/route.hpp"

namespace tamiti::common {

App app() {
    return {
        .name = "common",
        .doc = "Vocabulary that every app shares.",
        .routes =
            {
                get("/enums", enums, "List the choices of every choice field, with labels.", signed_in()),
                get("/tags", tags, "List the tags in use, most used first.", signed_in()),
            },
    };
}

}  // namespace tamiti::common
