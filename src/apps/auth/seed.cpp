#include "apps/auth/seed.hpp"

#include "apps/auth/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/demo.hpp"

namespace tamiti::auth {

void seed(Tx& tx) {
    if (!tx.settings().is_development()) return;  // a password that everybody knows belongs nowhere else
    constexpr const char* missing =
        "SELECT u.id FROM users_user u LEFT JOIN auth_password p ON p.account = u.id WHERE u.id = ANY($1) "
        "AND p.account IS NULL";
    std::vector<Id<users::User>> demo;
    for (int number = 1; number <= 12; ++number) demo.push_back({demo_id("users.user", number)});
    const db::Result accounts = tx.rows(missing, demo);
    if (accounts.empty()) return;
    const std::string hash =
        hash_password("studio-demo-2026");  // once: twelve salts would take a second to make
    for (const db::Row& account : accounts) set_password(tx, {Uuid::parse(account.text(0)).value()}, hash);
}

}  // namespace tamiti::auth
