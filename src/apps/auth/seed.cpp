#include "apps/auth/seed.hpp"

#include "apps/auth/service.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"

namespace tamiti::auth {

void seed(Tx& tx) {
    if (!tx.settings().is_development()) return;  // a password that everybody knows belongs nowhere else
    std::vector<users::User> missing = users::people(tx, users::demo_people());
    std::erase_if(missing, [&](const users::User& person) {
        return tx.exists({"SELECT FROM auth_password WHERE account = {}", person.id});
    });
    if (missing.empty()) return;
    const std::string hash =
        hash_password("studio-demo-2026");  // once: twelve salts would take a second to make
    for (const users::User& person : missing) set_password(tx, person.id, hash);
}

}  // namespace tamiti::auth
