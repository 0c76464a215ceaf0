#include "tests/support/studio.hpp"

namespace tamiti::test {

TEST_F(Studio, @Name@AreSeenByStaffAndChangedByTheirOwner) {
    user("ngo", {Role::client});
    const std::string body = R"({"name": "First", "owner": ")" + user("ada") + "\"}";
    const std::string path = "/@name@/" + make("ada", "/@name@", body);
    access(http::Method::post, "/@name@", body, {{"guest", 401}, {"ngo", 403}, {"bob", 403}, {"ada", 201}});
    access(http::Method::get, path, "", {{"guest", 401}, {"ngo", 404}, {"bob", 200}, {"ada", 200}});
    access(http::Method::patch, path, R"({"name": "New"})",
           {{"guest", 401}, {"ngo", 404}, {"bob", 403}, {"ada", 200}});
    access(http::Method::delete_, path, "", {{"guest", 401}, {"ngo", 404}, {"bob", 403}, {"ada", 204}});
}

}  // namespace tamiti::test
