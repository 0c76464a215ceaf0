#pragma once

#include <gmock/gmock.h>

#include "apps/auth/service.hpp"
#include "core/access/passwords.hpp"
#include "tests/support/studio.hpp"

/// What the tests of signing in share.
namespace tamiti::test {

class AuthStudio : public Studio {
public:
    static constexpr const char* password = "mango-lorry-84";

    /// A user who can sign in with `password`.
    static std::string account(const std::string& name, const std::vector<Role>& roles = {Role::staff}) {
        static const std::string hash = hash_password(password);
        const std::string id = user(name, roles);
        transact(site(), Actor::system(),
                 [&](Tx& tx) { auth::set_password(tx, {Uuid::parse(id).value()}, hash); });
        return id;
    }

    static Answer log_in(const std::string& name, const std::string& with = password) {
        return post("guest", "/auth/token",
                    R"({"username": ")" + name + R"(", "password": ")" + with + R"("})");
    }

    static Answer refresh(const std::string& token) {
        return post("guest", "/auth/token/refresh", R"({"refresh": ")" + token + R"("})");
    }

    /// What the bearer of that access token gets from /users/me.
    static int me(const std::string& access) {
        return get("guest", "/users/me", {{"Authorization", "Bearer " + access}}).status;
    }

    static void wait(std::chrono::seconds time) { clock().advance(time); }

    /// Sessions are noticed to be over at once where they were ended, and elsewhere within a second: this is
    /// elsewhere.
    static void change_elsewhere(const std::string& statement, const std::string& id) {
        transact(site(), Actor::system(), [&](Tx& tx) { tx.execute(statement, id); });
    }
};

}  // namespace tamiti::test
