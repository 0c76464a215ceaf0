#include "apps/auth/passwords/reset_password_command.hpp"

#include <cstdio>

#include "apps/auth/factor/second_factor.hpp"
#include "apps/auth/mails.hpp"
#include "apps/auth/passwords/links.hpp"
#include "apps/auth/passwords/typed_password.hpp"
#include "apps/auth/service.hpp"
#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/console.hpp"

namespace tamiti::auth {
namespace {

using Options = std::map<std::string, std::string>;

const Actor& operators() {
    static const Actor actor = Actor::system("command users reset-password");
    return actor;
}

std::optional<Account> account_named(ReadTx& tx, const std::string& username) {
    const auto person = users::named(tx, username);
    return person ? account_of(tx, person->id) : std::nullopt;
}

int mail_link(Site& site, const Account& account) {
    transact(site, operators(), [&](Tx& tx) {
        tx.lock(account.id);
        send_reset(tx, account);
    });
    std::printf("Mailed a link for a new password to %s; it works for 30 minutes.\n",
                account.address.c_str());
    return 0;
}

/// Sets the password and ends whatever was let in by the one before; answers whether a second factor ended.
bool replace(Site& site, const Account& account, const std::string& hash, bool without_factor) {
    return transact(site, operators(), [&](Tx& tx) {
        users::User user = tx.lock(account.id);
        user.signed_out_at = tx.now();  // leaves an entry in the trail, also where no session was open
        tx.save(user, &users::User::signed_out_at);
        set_password(tx, account.id, hash);
        end_sessions(tx, account.id, EndReason::password_reset);
        revoke_personal_tokens(tx, account.id);
        void_links(tx, account.id);
        tell_of_operators_password(tx, account);
        tx.after_commit([&] {
            forgive_account(site, account.id.text(), {account.username, account.address}, "");
        });
        return without_factor && drop_second_factor(tx, account.id);
    });
}

int run(Site& site, const Options& options) {
    const std::string name = options.at("username");
    const bool by_mail = options.contains("mail"), without_factor = options.contains("drop-second-factor");
    const auto account = look(site, [&](ReadTx& tx) { return account_named(tx, name); });
    if (!account) return command_refused("There is no user " + name + ". `tamiti users list` shows all.");
    if (!account->is_open)
        return command_refused("The account of " + name + " is closed: no password lets them in.");
    // Until the link is followed, the old password would do alone.
    if (by_mail && without_factor)
        return command_refused("Drop the second factor together with the old password, so without --mail.");
    if (by_mail && options.contains("password"))
        return command_refused("Give a password or --mail, not both.");
    if (by_mail) return mail_link(site, *account);
    const std::string password = typed_password(options, "TAMITI_NEW_PASSWORD");
    if (password.empty())
        return command_refused(
            "Give a password: --password, TAMITI_NEW_PASSWORD, or type it on a terminal; or --mail.");
    const std::string fault = password_fault(password, {account->username, account->address, account->name});
    if (!fault.empty()) return command_refused("Password: " + fault);
    const bool has_dropped = replace(site, *account, hash_password(password), without_factor);
    std::printf("Set the password of %s: every session and token has ended.%s\n", account->username.c_str(),
                has_dropped      ? " The second factor is off."
                : without_factor ? " There was no second factor."
                                 : "");
    return 0;
}

}  // namespace

Command reset_password_command() {
    return {.name = "users reset-password",
            .help = "Give an account a new password, or mail a link for one; its sessions and tokens end",
            .options =
                {{.name = "username", .help = "whose account", .required = true, .positional = true},
                 {.name = "password", .help = "else TAMITI_NEW_PASSWORD, else typed"},
                 {.name = "mail", .help = "mail a link instead, which ends them once used", .flag = true},
                 {.name = "drop-second-factor", .help = "for who lost app and recovery codes", .flag = true}},
            .run = run};
}

}  // namespace tamiti::auth
