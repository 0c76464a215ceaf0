#include "apps/@name@/tests/factories.hpp"

namespace tamiti::test {

TEST_F(Studio, @Name@AreRetiredOnce) {
    const std::string path = "/@name@/" + make_@item@("ada") + "/retire";
    const Answer retired = post("ada", path);
    EXPECT_NE(retired.text("retired_at"), "null");
    EXPECT_EQ(post("ada", path).body, retired.body);
}

}  // namespace tamiti::test
