#include "apps/auth/passwords/passwords.hpp"

#include "apps/auth/jobs.hpp"
#include "apps/auth/mails.hpp"
#include "apps/auth/passwords/links.hpp"
#include "apps/auth/service.hpp"
#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/sessions/own_session.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/access/tokens.hpp"
#include "core/base/unicode.hpp"
#include "core/model/input.hpp"

namespace tamiti::auth {
namespace {

void check_password(std::string_view password, const Account& account) {
    std::string fault = password_fault(password, {account.username, account.address, account.name});
    if (!fault.empty()) throw Invalid("password", std::move(fault));
}

/// The link proves the address, whoever registered with it; their password and sessions go with the reset.
void prove_address(Tx& tx, Id<users::User> id) {
    users::User user = tx.lock(id);
    if (user.is_verified) return;
    user.is_verified = true;
    tx.save(user, &users::User::is_verified);
}

}  // namespace

Account prove_own_password(Tx& tx, const Actor& who, std::string_view field, const std::string& password) {
    require_own_session(who);
    require_proof(tx.site(), who.id.text());
    // No connection is held while the password is hashed.
    auto account = look(tx.site(), [&](ReadTx& read) { return account_of(read, {who.id}); });
    if (!account) throw invalid_token();
    if (!verify_password(password, account->hash))
        throw Invalid(std::string(field), "This is not your password.");
    return std::move(*account);
}

void change_password(Tx& tx, const Actor& who, PasswordChange asked) {
    const Account account = prove_own_password(tx, who, "current", asked.current);
    check_password(asked.password, account);
    if (opaque(asked.password) == opaque(asked.current))
        throw Invalid("password", "Choose another password than the present one.");
    const std::string hash = hash_password(asked.password);
    // Nothing where another change came first, which made `current` wrong.
    const int changed =
        tx.execute({"UPDATE auth_password SET hash = {}, changed_at = {} WHERE account = {} AND hash = {}",
                    hash, tx.now(), account.id, account.hash});
    if (changed == 0) throw Invalid("current", "This is not your password.");
    end_sessions(tx, account.id, EndReason::password_changed, Id<Session>{who.session});
    void_links(tx, account.id);
    tell_of_password_change(tx, account, who.address);
}

Receipt ask_for_reset(Tx& tx, const Actor& who, MailRequest asked) {
    require_mail(tx.site(), reset_network, reset_mail, who.address, asked.email.text);
    tx.enqueue(SendReset{asked.email.text});
    return {"If an account has this address, we have sent a link for a new password to it."};
}

Receipt reset_password(Tx& tx, const Actor& who, PasswordReset asked) {
    require(tx.site(), link_network, network_of(who.address));
    const auto account = look(tx.site(), [&](ReadTx& read) {
        return account_of_link(read, look_at_link(read, Purpose::reset_password, asked.token));
    });
    if (!account) throw invalid_link();
    check_password(asked.password, *account);
    const std::string hash = hash_password(asked.password);
    prove_address(tx, account->id);  // locks the account, before its links
    if (!account_of_link(tx, use_link(tx, Purpose::reset_password, asked.token))) throw invalid_link();
    set_password(tx, account->id, hash);
    end_sessions(tx, account->id, EndReason::password_reset);
    revoke_personal_tokens(tx, account->id);  // whoever took the account over may have made some
    void_links(tx, account->id);
    tell_of_password_change(tx, *account, who.address);
    tx.after_commit([&site = tx.site(), account = *account, network = network_of(who.address)] {
        forgive_account(site, account.id.text(), {account.username, account.address}, network);
    });
    return {"Your password is changed. Sign in with it."};
}

const Shape& shape_of(tag<PasswordChange>) {
    static const Shape shape = input<PasswordChange>(
        {field<&PasswordChange::current>(
             "current", {.max_length = 1024, .verbatim = true, .example = "studio-demo-2026"}),
         field<&PasswordChange::password>("password",
                                          {.max_length = 1024,
                                           .verbatim = true,
                                           .help = "At least 10 characters, and not a common one.",
                                           .example = "mango-lorry-84-verandah"})});
    return shape;
}

const Shape& shape_of(tag<PasswordReset>) {
    static const Shape shape = input<PasswordReset>(
        {field<&PasswordReset::token>("token", {.max_length = 200, .help = "Of the link in the mail."}),
         field<&PasswordReset::password>("password", {.max_length = 1024,
                                                      .verbatim = true,
                                                      .help = "At least 10 characters, and not a common one.",
                                                      .example = "mango-lorry-84-verandah"})});
    return shape;
}

}  // namespace tamiti::auth
