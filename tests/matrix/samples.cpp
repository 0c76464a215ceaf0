#include "tests/support/matrix/samples.hpp"

namespace tamiti::test {
namespace {

const Samples samples({},
                      {{"GET /search", {.query = "?q=step"}}, {"GET /meta/{model}", {.text = "users.user"}}});

}  // namespace
}  // namespace tamiti::test
