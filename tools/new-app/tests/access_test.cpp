#include "apps/@name@/tests/factories.hpp"

namespace tamiti::test {

using http::Method;

TEST_F(Studio, @Name@AreSeenByStaffAndChangedByTheirOwner) {
    user("ngo", {Role::client});
    const std::string path = "/@name@/" + make_@item@("ada");
    access(Method::get, path, {{"guest", 401}, {"ngo", 404}, {"bob", 200}, {"ada", 200}});
    access(Method::patch, path, {{"name", "New"}}, {{"guest", 401}, {"ngo", 404}, {"bob", 403}, {"ada", 200}});
    access(Method::post, path + "/retire", {{"guest", 401}, {"ngo", 404}, {"bob", 403}, {"ada", 200}});
    access(Method::delete_, path, {{"guest", 401}, {"ngo", 404}, {"bob", 403}, {"ada", 204}});
}

TEST_F(Studio, @Name@AreRetiredOnce) {
    const std::string path = "/@name@/" + make_@item@("ada") + "/retire";
    const Answer retired = post("ada", path);
    EXPECT_NE(retired.text("retired_at"), "null");
    EXPECT_EQ(post("ada", path).body, retired.body);
}

}  // namespace tamiti::test
