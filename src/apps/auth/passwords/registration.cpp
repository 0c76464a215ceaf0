#include "apps/auth/passwords/registration.hpp"

#include <algorithm>

#include "apps/auth/jobs.hpp"
#include "apps/auth/mails.hpp"
#include "apps/auth/passwords/links.hpp"
#include "apps/auth/service.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/stored_settings.hpp"

namespace tamiti::auth {
namespace {

void begin(const Settings& deployment, SelfRegistration& values) {
    values.mode = enum_value<SelfRegistrationMode>(deployment.registration);
    for (const std::string_view domain : split(deployment.registration_domains, ','))
        if (!trim(domain).empty()) values.domains.names.push_back(lower(trim(domain)));
}

void check_domains(const SelfRegistration& values) {
    for (const std::string& domain : values.domains.names)
        if (normalise_email("somebody@" + domain).empty())
            throw Invalid("domains", domain + " is no domain of mail addresses such as studio.example.");
}

void require_open(const SelfRegistration& rules) {
    if (rules.mode == SelfRegistrationMode::open) return;
    throw Forbidden("auth.registration_closed", rules.mode == SelfRegistrationMode::invite
                                                    ? "New accounts are made by invitation only."
                                                    : "New accounts are not taken here.");
}

/// Why an address may not register, as a sentence; it tells the rule and nothing about accounts.
std::string domain_fault(const SelfRegistration& rules, std::string_view address) {
    const std::vector<std::string>& domains = rules.domains.names;
    const std::string domain = lower(address.substr(address.rfind('@') + 1));
    if (domains.empty() || std::ranges::find(domains, domain) != domains.end()) return {};
    return "Use an address of " + join(domains, " or ") + ".";
}

void check(const SelfRegistration& rules, const Registration& asked) {
    std::vector<FieldError> faults;
    const auto note = [&](const char* field, std::string fault) {
        if (!fault.empty()) faults.push_back({field, std::move(fault)});
    };
    note("username", users::username_fault(asked.username));
    note("email", domain_fault(rules, asked.email.text));
    note("password",
         password_fault(asked.password, {asked.username, asked.email.text, asked.first_name.value_or(""),
                                         asked.last_name.value_or("")}));
    if (!faults.empty()) throw Invalid(std::move(faults));
}

users::User user_of(const Tx& tx, const Registration& asked) {
    users::User user;
    user.username = lower(asked.username);
    user.email = asked.email;
    user.first_name = asked.first_name.value_or("");
    user.last_name = asked.last_name.value_or("");
    user.time_zone = {tx.site().time_zone};
    user.roles = {Role::client};  // never more: whoever needs it is given it by an admin
    return user;
}

/// A name and an address that nobody has.
void make_nobody(users::User& user) {
    user.username = "n" + Uuid::make().text().substr(24);
    user.email.text = user.username + "@nobody.invalid";
}

/// Makes the account and the token that proves its address. Where the person is known the same is done for
/// nobody, and undone, so that both take the same time.
std::pair<Account, std::string> make_account(Tx& tx, const Registration& asked, const std::string& hash,
                                             bool is_known) {
    tx.execute(Sql("SAVEPOINT account"));
    users::User user = user_of(tx, asked);
    if (is_known) make_nobody(user);
    tx.insert(user);
    set_password(tx, user.id, hash);
    Account account;
    account.id = user.id;
    account.username = user.username;
    account.name = user.first_name.empty() ? user.username : user.first_name;
    account.address = user.email.text;
    std::string token = issue_link(tx, Purpose::verify_address, user.id, user.email.text);
    tx.execute(is_known ? Sql("ROLLBACK TO SAVEPOINT account") : Sql("RELEASE SAVEPOINT account"));
    return {std::move(account), std::move(token)};
}

/// Answers the request by one mail: with the link, or to those who have an account already, with how to get
/// in.
void take_request(Tx& tx, const Actor& who, const Registration& asked, const std::string& hash) {
    const auto owner = account_of_address(tx, asked.email.text);
    const bool is_name_taken = users::has_username(tx, asked.username);
    const bool is_known = owner || is_name_taken;
    tx.execute({"INSERT INTO auth_registration (id, address, was_made, created_at) VALUES ({}, {}, {}, {})",
                Uuid::make(), who.address, !is_known, tx.now()});
    const auto [account, token] = make_account(tx, asked, hash, is_known);
    if (owner)
        tell_that_registered(tx, *owner);
    else if (is_name_taken)
        tell_that_name_is_taken(tx, asked.email.text);
    else
        send_verification(tx, account, token);
}

[[noreturn]] void refuse_password() {
    throw Invalid(std::vector<FieldError>{
        {"password",
         "This is not the password that the account was registered with. If you forgot it, or somebody else "
         "registered with your address, ask for a new password: that confirms the address as well."}});
}

}  // namespace

Receipt register_account(Tx& tx, const Actor& who, Registration asked) {
    // Apart from this transaction, which must hold no connection while the password is hashed.
    const auto rules = look_once(tx.site(), [](ReadTx& look) { return look.setting<SelfRegistration>(); });
    require_open(rules);
    check(rules, asked);
    require_mail(tx.site(), register_network, register_mail, who.address, asked.email.text);
    const std::string hash =
        hash_password(asked.password);  // before the question, so that known and new cost the same
    for (int attempt = 0;; ++attempt) {
        try {
            transact(tx.site(), who, [&](Tx& inner) { take_request(inner, who, asked, hash); });
            break;
        } catch (const db::Error& error) {
            // Two at once: the other one was first, so that the person is known now.
            if (error.sqlstate != "23505" || attempt == 5) throw;
        }
    }
    return {"We have sent a mail to this address that says how to go on."};
}

Receipt verify_address(Tx& tx, const Actor& who, Verification asked) {
    require(tx.site(), link_network, network_of(who.address));
    // No connection is held while the password is hashed.
    const auto account = look(tx.site(), [&](ReadTx& read) {
        return account_of_link(read, look_at_link(read, Purpose::verify_address, asked.token));
    });
    if (!account) throw invalid_link();
    if (!verify_password(asked.password, account->hash)) refuse_password();
    users::User user = tx.lock(account->id);  // before its links, always
    const auto proven = account_of_link(tx, use_link(tx, Purpose::verify_address, asked.token));
    if (!proven || proven->hash != account->hash) throw invalid_link();
    if (!user.is_verified) {
        user.is_verified = true;
        tx.save(user, &users::User::is_verified);
    }
    return {"Your address is confirmed. You can sign in."};
}

Receipt resend_verification(Tx& tx, const Actor& who, MailRequest asked) {
    require_mail(tx.site(), resend_network, resend_mail, who.address, asked.email.text);
    tx.enqueue(SendVerification{asked.email.text});
    return {"If this address waits to be confirmed, we have sent another link to it."};
}

const StoredSettings& settings_of(tag<SelfRegistration>) {
    static const StoredSettings made = settings<SelfRegistration>(
        "auth.registration",
        {.doc = "Whether people may make accounts of their own.",
         .fields = {field<&SelfRegistration::mode>(
                        "mode", {.help = "Everybody may (open), who is invited may, or nobody."}),
                    field<&SelfRegistration::domains>(
                        "domains",
                        {.help = "Of the mail addresses that may register; any where there are none.",
                         .example = R"(["studio.example"])"})},
         .read = "auth.manage_registration",
         .change = "auth.manage_registration",
         .begin = begin,
         .check = check_domains});
    return made;
}

const Shape& shape_of(tag<Registration>) {
    static const Shape shape = input<Registration>(
        {field<&Registration::username>("username", {.max_length = 32, .example = "achieng"}),
         field<&Registration::email>("email", {.example = "achieng@studio.example"}),
         field<&Registration::password>("password", {.max_length = 1024,
                                                     .verbatim = true,
                                                     .help = "At least 10 characters, and not a common one.",
                                                     .example = "mango-lorry-84-verandah"}),
         field<&Registration::first_name>("first_name", {.max_length = 80, .names_person = true}),
         field<&Registration::last_name>("last_name", {.max_length = 80, .names_person = true})});
    return shape;
}

const Shape& shape_of(tag<Verification>) {
    static const Shape shape = input<Verification>(
        {field<&Verification::token>("token", {.max_length = 200, .help = "Of the link in the mail."}),
         field<&Verification::password>("password", {.max_length = 1024,
                                                     .verbatim = true,
                                                     .help = "That was chosen when registering.",
                                                     .example = "mango-lorry-84-verandah"})});
    return shape;
}

}  // namespace tamiti::auth
