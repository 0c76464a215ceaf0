#include "tests/support/matrix/studio_cast.hpp"

#include "core/model/member.hpp"

namespace tamiti::test {

Cast studio_cast() {
    Cast cast{.actors = enum_names<Role>(),
              .nobodies = {"guest", "unverified", "deactivated", "expired"},
              .chief = "boss",
              .owner = "owner",
              .sign_in_again = Studio::sign_in_again};
    for (const std::string& role : cast.actors) Studio::user(role, {enum_value<Role>(role)});
    for (const char* name : {"owner", "other", "buyer"}) cast.actors.emplace_back(name);
    Studio::user("boss", {Role::admin});
    Studio::user("buyer", {Role::client});
    for (const char* name : {"owner", "other", "mate"}) Studio::user(name);
    for (const char* name : {"unverified", "deactivated", "expired"}) Studio::user(name, {Role::admin});
    change_rows("UPDATE users_user SET is_verified = false WHERE username = 'unverified'");
    change_rows("UPDATE users_user SET is_active = false WHERE username = 'deactivated'");
    change_rows("UPDATE users_user SET expires_at = $1 WHERE username = 'expired'",
                {format(Api::clock().now() - std::chrono::days(1))});
    return cast;
}

}  // namespace tamiti::test
