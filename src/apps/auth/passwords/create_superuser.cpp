#include "apps/auth/passwords/create_superuser.hpp"

#include <cstdio>

#include "apps/auth/passwords/typed_password.hpp"
#include "apps/auth/service.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/console.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

int run(Site& site, const std::map<std::string, std::string>& options) {
    users::User user;
    user.username = lower(options.at("username"));
    user.email.text = normalise_email(options.at("email"));
    user.time_zone.text = site.time_zone;
    user.roles = {Role::admin};
    user.is_verified = true;
    if (const std::string fault = users::username_fault(user.username); !fault.empty())
        return command_refused("Username: " + fault);
    if (user.email.empty()) return command_refused("Give an email address such as ada@studio.example.");
    const std::string password = typed_password(options, "TAMITI_SUPERUSER_PASSWORD");
    if (password.empty())
        return command_refused(
            "Give a password: --password, TAMITI_SUPERUSER_PASSWORD, or type it on a terminal.");
    if (const std::string fault = password_fault(password, {user.username, user.email.text}); !fault.empty())
        return command_refused("Password: " + fault);
    const std::string hash = hash_password(password);
    const bool was_made = transact(site, Actor::system(), [&](Tx& tx) {
        if (users::has_username(tx, user.username) || users::has_address(tx, user.email.text)) return false;
        tx.insert(user);
        set_password(tx, user.id, hash);
        return true;
    });
    if (!was_made) return command_refused("There is a user with this username or address already.");
    std::printf("Made the admin %s.\n", user.username.c_str());
    return 0;
}

}  // namespace

Command create_superuser() {
    return {.name = "createsuperuser",
            .help = "Make an admin",
            .options = {{.name = "username", .help = "what to sign in with", .required = true},
                        {.name = "email", .help = "the address", .required = true},
                        {.name = "password", .help = "else TAMITI_SUPERUSER_PASSWORD, else typed"}},
            .run = run};
}

}  // namespace tamiti::auth
