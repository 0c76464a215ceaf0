#include "apps/auth/service.hpp"

#include "apps/auth/refresh_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/http/route.hpp"

namespace tamiti::auth {
namespace {

/// What signing in needs to know of an account.
struct Account {
    Id<users::User> id{};
    std::string hash{};
    bool may_sign_in = false;
};

/// The account that a person means by what they typed: an address has an @, a telephone number begins with +
/// or a digit and has no letters, and every username has one.
std::optional<Account> find_account(ReadTx& tx, const std::string& name) {
    const std::string phone = normalise_phone(name, tx.site().calling_code);
    const db::Result found = tx.rows(
        "SELECT u.id, coalesce(p.hash, ''), u.is_active AND (u.expires_at IS NULL OR u.expires_at > $4) "
        "FROM users_user u LEFT JOIN auth_password p ON p.account = u.id "
        "WHERE lower(u.username) = $1 OR lower(u.email) = $2 OR lower(u.phone) = $3",
        lower(name), lower(name), phone, tx.now());
    if (found.size() != 1) return std::nullopt;
    return Account{
        {Uuid::parse(found[0].text(0)).value()}, std::string(found[0].text(1)), found[0].boolean(2)};
}

/// Tokens stay out of every cache, whatever a proxy believes.
void forbid_storing(const Call& call) {
    std::erase_if(call.response.headers, [](const auto& header) {
        return http::equals_ignoring_case(header.first, "Cache-Control");
    });
    call.response.set("Cache-Control", "no-store");
}

/// What a client calls itself, as far as it is text that one can show.
std::string device_of(const Actor& who) {
    std::string device = who.user_agent.substr(0, 300);
    std::erase_if(device, [](char c) { return c < ' ' || c > '~'; });
    return device;
}

void require_open_registration(const Settings& settings) {
    if (settings.registration == "open") return;
    throw Forbidden("auth.registration_closed", settings.registration == "invite"
                                                    ? "New accounts are made by invitation only."
                                                    : "New accounts are not taken here.");
}

void check(const Registration& asked) {
    std::vector<FieldError> faults;
    if (std::string fault = users::username_fault(asked.username); !fault.empty())
        faults.push_back({"username", std::move(fault)});
    std::string fault = password_fault(
        asked.password,
        {asked.username, asked.email.text, asked.first_name.value_or(""), asked.last_name.value_or("")});
    if (!fault.empty()) faults.push_back({"password", std::move(fault)});
    if (!faults.empty()) throw Invalid(std::move(faults));
}

/// Makes the account unless username or address are taken; says neither.
void make_account(Tx& tx, const Actor& who, const Registration& asked, const std::string& hash) {
    const bool is_known = tx.exists("SELECT FROM users_user WHERE lower(username) = $1 OR lower(email) = $2",
                                    lower(asked.username), lower(asked.email.text));
    tx.execute("INSERT INTO auth_registration (id, address, was_made, created_at) VALUES ($1, $2, $3, $4)",
               Uuid::make(), who.address, !is_known, tx.now());
    if (is_known) return;
    users::User user;
    user.username = lower(asked.username);
    user.email = asked.email;
    user.first_name = asked.first_name.value_or("");
    user.last_name = asked.last_name.value_or("");
    user.time_zone = {tx.site().time_zone};
    user.roles = {Role::client};  // never more: whoever needs it is given it by an admin
    tx.insert(user);
    set_password(tx, user.id, hash);
}

}  // namespace

Receipt register_account(Tx& tx, const Actor& who, const Call& call, Registration asked) {
    require_open_registration(tx.settings());
    check(asked);
    const std::string hash =
        hash_password(asked.password);  // before the question, so that known and new cost the same
    try {
        transact(tx.site(), who, [&](Tx& inner) { make_account(inner, who, asked, hash); });
    } catch (const db::Error& error) {
        if (error.sqlstate != "23505") throw;  // two at once: the other one was first, which is "known"
    }
    forbid_storing(call);
    call.response.status = 202;
    return {"If this username and this address are new here, the account is ready and you can sign in."};
}

Tokens log_in(Tx& tx, const Actor& who, const Call& call, LogIn asked) {
    forbid_storing(call);
    // No connection is held while the password is hashed.
    const auto account = look(tx.site(), [&](ReadTx& read) { return find_account(read, asked.username); });
    const std::string hash = account ? account->hash : std::string();
    if (!verify_password(asked.password, hash) || !account->may_sign_in) {
        throw Problem(401, "auth.wrong_credentials",
                      "Username and password don't fit together, or the account is closed.")
            .with_header("WWW-Authenticate", "Bearer");
    }
    if (needs_rehash(hash)) set_password(tx, account->id, hash_password(asked.password));
    tx.execute("UPDATE users_user SET last_login_at = $2 WHERE id = $1", account->id, tx.now());
    return open_session(tx, account->id, device_of(who), who.address);
}

Tokens refresh(Tx& tx, const Actor& who, const Call& call, Refresh asked) {
    forbid_storing(call);
    // In a transaction of its own, because a refusal must keep what it did: ending the session of a stolen
    // token.
    const auto tokens = transact(tx.site(), who, [&](Tx& inner) { return rotate(inner, asked.refresh); });
    if (tokens) return *tokens;
    throw Problem(401, "auth.invalid_refresh", "The refresh token is not valid any more. Sign in again.")
        .with_header("WWW-Authenticate", "Bearer");
}

void set_password(Tx& tx, Id<users::User> account, const std::string& hash) {
    tx.execute(
        "INSERT INTO auth_password (account, hash, changed_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        account, hash, tx.now());
}

Rules rules_for(tag<LogIn>, std::string_view member) {
    if (member == "username")
        return {.max_length = 254, .help = "Or email address or telephone number.", .example = "manager"};
    return {.max_length = 1024, .example = "studio-demo-2026"};
}

Rules rules_for(tag<Refresh>, std::string_view) {
    return {.max_length = 8192, .help = "As you got it with the access token."};
}

Rules rules_for(tag<LogOut>, std::string_view) {
    return {.max_length = 8192,
            .help = "Of the session to end; left out, it is the session of the access token."};
}

Rules rules_for(tag<Registration>, std::string_view member) {
    if (member == "username") return {.max_length = 32, .example = "achieng"};
    if (member == "password")
        return {.max_length = 1024,
                .help = "At least 10 characters, and not a common one.",
                .example = "mango-lorry-84-verandah"};
    if (member == "email") return {.example = "achieng@studio.example"};
    return {.max_length = 80};
}

}  // namespace tamiti::auth
