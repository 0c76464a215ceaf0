#include "apps/auth/mails.hpp"

#include "apps/auth/passwords/links.hpp"
#include "core/mail/mail.hpp"

namespace tamiti::auth {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

/// To an address that nobody has proven: whoever gave it chose the name, and it would be their words that its
/// owner reads.
void send_nameless(Tx& tx, const Account& account, const char* template_name, Values values) {
    mail::send(tx, {.to = account.address,
                    .template_name = template_name,
                    .values = std::move(values),
                    .language = account.language});
}

void send(Tx& tx, const Account& account, const char* template_name, Values values) {
    values.emplace_back("name", account.name);
    send_nameless(tx, account, template_name, std::move(values));
}

/// The page that takes the token. It stands behind # so that no server, log or Referer ever sees it.
std::string page(Tx& tx, std::string_view path, const std::string& token) {
    return mail::link(tx.site(), std::string(path) + "#token=" + token);
}

std::string hours_of(Purpose purpose) {
    return std::to_string(std::chrono::duration_cast<std::chrono::hours>(lifetime_of(purpose)).count());
}

/// Now, where the reader lives.
std::string moment(const Tx& tx, const Account& account) {
    return format_in_zone(tx.now(), account.time_zone);
}

std::string named(std::string_view device) {
    return std::string(device.empty() ? "a device without a name" : device);
}

/// Enough for the owner to know it again: "a•••@example.com".
std::string masked(const std::string& address) {
    return address.substr(0, 1) + "•••" + address.substr(address.rfind('@'));
}

}  // namespace

void send_verification(Tx& tx, const Account& account) {
    send_verification(tx, account, issue_link(tx, Purpose::verify_address, account.id, account.address));
}

void send_verification(Tx& tx, const Account& account, const std::string& token) {
    send_nameless(tx, account, "verify_address",
                  {{"link", page(tx, "/verify", token)}, {"hours", hours_of(Purpose::verify_address)}});
}

void send_reset(Tx& tx, const Account& account) {
    const std::string token = issue_link(tx, Purpose::reset_password, account.id, account.address);
    send(tx, account, "reset_password", {{"link", page(tx, "/reset-password", token)}, {"minutes", "30"}});
}

void tell_that_registered(Tx& tx, const Account& account) {
    send(tx, account, "registration_known", {{"link", mail::link(tx.site(), "/login")}});
}

void tell_that_name_is_taken(Tx& tx, const std::string& address) {
    mail::send(tx, {.to = address,
                    .template_name = "registration_name_taken",
                    .values = {{"link", mail::link(tx.site(), "/register")}}});
}

void tell_of_new_sign_in(Tx& tx, const Account& account, std::string_view device, std::string_view address) {
    send(tx, account, "new_sign_in",
         {{"device", named(device)},
          {"address", std::string(address)},
          {"when", moment(tx, account)},
          {"link", mail::link(tx.site(), "/sessions")}});
}

void tell_of_password_change(Tx& tx, const Account& account, std::string_view address) {
    send(tx, account, "password_changed", {{"when", moment(tx, account)}, {"address", std::string(address)}});
}

void tell_of_operators_password(Tx& tx, const Account& account) {
    send(tx, account, "password_set_by_operator", {{"when", moment(tx, account)}});
}

void tell_of_reuse(Tx& tx, const Account& account, std::string_view device) {
    send(tx, account, "session_ended_reuse", {{"device", named(device)}, {"when", moment(tx, account)}});
}

void send_address_confirmation(Tx& tx, const Account& account, const std::string& new_address) {
    Account moved = account;
    moved.address = new_address;
    const std::string token = issue_link(tx, Purpose::change_email, account.id, new_address);
    send_nameless(
        tx, moved, "confirm_new_address",
        {{"link", page(tx, "/confirm-address", token)}, {"hours", hours_of(Purpose::change_email)}});
}

void tell_of_address_request(Tx& tx, const Account& account, const std::string& new_address) {
    send(tx, account, "address_changed_old", {{"new_address_masked", masked(new_address)}});
}

void tell_of_address_change(Tx& tx, const Account& account, const std::string& new_address) {
    send(tx, account, "address_changed", {{"new_address_masked", masked(new_address)}});
}

}  // namespace tamiti::auth
