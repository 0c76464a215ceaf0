#include "apps/auth/passwords/addresses.hpp"

#include "apps/auth/mails.hpp"
#include "apps/auth/passwords/links.hpp"
#include "apps/auth/passwords/passwords.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/users/service.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"

namespace tamiti::auth {
namespace {

/// Takes the address for the account. Two who prove one address at once meet at the unique index.
void take_address(Tx& tx, users::User& user, const std::string& address) {
    user.email.text = address;
    user.is_verified = true;
    try {
        tx.save(user, &users::User::email, &users::User::is_verified);
    } catch (const db::Error& error) {
        if (error.sqlstate != "23505") throw;
        throw Conflict("auth.address_taken", "Another account has this address.");
    }
}

}  // namespace

Receipt ask_for_address(Tx& tx, const Actor& who, AddressChange asked) {
    const Account account = prove_own_password(tx, who, "password", asked.password);
    if (lower(asked.email.text) == lower(account.address))
        throw Invalid("email", "This is your address already.");
    require(tx.site(), change_mail, who.id.text());
    require(tx.site(), change_mail, token_hash(lower(asked.email.text)));
    if (const auto owner = account_of_address(tx, asked.email.text))
        tell_that_registered(tx, *owner);
    else
        send_address_confirmation(tx, account, asked.email.text);
    tell_of_address_request(tx, account, asked.email.text);
    return {"We have sent a link to the new address. Until you follow it, the old one stays yours."};
}

Receipt confirm_address(Tx& tx, const Actor& who, LinkToken asked) {
    require(tx.site(), link_network, network_of(who.address));
    const auto link = look_at_link(tx, Purpose::change_email, asked.token);
    if (!link || !link->account) throw invalid_link();
    users::User user = tx.lock(*link->account);  // before its links, always
    if (!use_link(tx, Purpose::change_email, asked.token)) throw invalid_link();
    if (!users::may_sign_in(user, tx.now())) throw invalid_link();
    const auto before = account_of(tx, user.id);
    take_address(tx, user, link->address);
    void_links(tx, user.id);
    tell_of_address_change(tx, *before, link->address);
    return {"This is your address now."};
}

const Shape& shape_of(tag<LinkToken>) {
    static const Shape shape = input<LinkToken>(
        {field<&LinkToken::token>("token", {.max_length = 200, .help = "Of the link in the mail."})});
    return shape;
}

const Shape& shape_of(tag<AddressChange>) {
    static const Shape shape = input<AddressChange>(
        {field<&AddressChange::email>("email",
                                      {.help = "The new address.", .example = "achieng@studio.example"}),
         field<&AddressChange::password>("password", {.max_length = 1024,
                                                      .verbatim = true,
                                                      .help = "Your password, once more.",
                                                      .example = "studio-demo-2026"})});
    return shape;
}

}  // namespace tamiti::auth
