#include "apps/auth/sign_in/sign_in.hpp"

#include "apps/auth/mails.hpp"
#include "apps/auth/service.hpp"
#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/sessions/known_devices.hpp"
#include "apps/auth/sessions/refresh_tokens.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/history.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/log.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

namespace tamiti::auth {
namespace {

/// Why somebody who typed that password doesn't get in; empty where they do.
std::string_view fault_of(const Account& account, bool is_right, bool is_taken) {
    if (!is_right) return "wrong_password";
    if (!is_taken) return "locked";
    if (!account.is_open) return "closed";
    if (!account.is_verified) return "unverified";
    return {};
}

/// Whether the owner should hear of this sign-in: there were others, and neither the device nor the network
/// is known.
bool is_news(Tx& tx, const Proven& proven) {
    if (proven.attempt.is_known()) return false;
    return tx.exists({"SELECT FROM auth_sign_in WHERE account = {} AND succeeded", proven.account.id});
}

/// Takes the password for what it was when it was checked: a change that came between locks this row first.
void require_unchanged(Tx& tx, const Proven& proven) {
    const bool is_unchanged = tx.exists(
        {R"(SELECT FROM (SELECT p.hash FROM auth_password p WHERE p.account = {} FOR SHARE) locked WHERE hash = {})",
         proven.account.id, proven.old_hash});
    if (!is_unchanged) throw wrong_credentials();
}

}  // namespace

Problem wrong_credentials() {
    return Problem(401, "auth.wrong_credentials",
                   "Username and password don't fit together, or the account is closed.")
        .with_header("WWW-Authenticate", "Bearer");
}

void note_failure(Site& site, const Actor& who, const Proven& proven, std::string_view reason) {
    std::optional<Id<users::User>> account;
    if (!proven.account.id.value.is_nil()) account = proven.account.id;
    transact(site, who, [&](Tx& tx) {
        note_sign_in(tx, account, proven.kind, false, reason, who.address, device_of(who));
    });
}

Proven prove_password(Site& site, const Actor& who, const LogIn& asked) {
    Proven proven;
    Attempt& attempt = proven.attempt;
    attempt.identifier = normalise_identifier(asked.username, site);
    attempt.network = network_of(who.address);
    if (auto found = look_once(
            site, [&](ReadTx& tx) { return find_account(tx, attempt.identifier, attempt.network); })) {
        proven.account = std::move(*found);
        attempt.account = proven.account.id.text();
        attempt.knows_network = proven.account.knows_network;
        attempt.device = device_id(site, proven.account.id, asked.device.value_or(""), site.clock->now());
    }
    const std::optional<Problem> refusal = require_attempt(site, attempt);
    const bool is_taken = takes_password(site, attempt, refusal);
    proven.old_hash = proven.account.hash;
    const bool is_right = verify_password(asked.password, proven.old_hash);
    if (const std::string_view fault = fault_of(proven.account, is_right, is_taken); !fault.empty()) {
        if (fault != "unverified") count_failure(site, attempt);
        note_failure(site, who, proven, attempt.account.empty() ? "unknown" : fault);
        if (fault == "unverified")
            throw Forbidden("auth.unverified",
                            "Confirm your address first: follow the link in our mail, or ask for another.");
        throw refusal.value_or(wrong_credentials());
    }
    forgive(site, attempt);  // wrong codes of a second factor have limits of their own
    if (needs_rehash(proven.old_hash)) proven.new_hash = hash_password(asked.password);
    return proven;
}

namespace {

// Somebody was signed out by a clock that stood ahead: no session would hold until then. What that ended
// stays ended.
void mend_sign_out(Tx& tx, Id<users::User> account, Timestamp signed_out_at) {
    log::error("sign_out_ahead", {{"user", account.text()}, {"signed_out_at", format(signed_out_at)}});
    end_sessions_until(tx, account, EndReason::account_closed, signed_out_at);
    revoke_personal_tokens(tx, account, signed_out_at);
    users::bring_back_sign_out(tx, account);
}

}  // namespace

SignedIn start_session(Tx& tx, const Actor& who, const Proven& proven) {
    const Id<users::User> id = proven.account.id;
    const auto mark = users::mark_signed_in(tx, id);
    if (!mark) throw wrong_credentials();
    if (mark->signed_out_at && *mark->signed_out_at > tx.now() + clock_error)
        mend_sign_out(tx, id, *mark->signed_out_at);
    if (!proven.old_hash.empty()) require_unchanged(tx, proven);
    if (!proven.new_hash.empty()) set_password(tx, id, proven.new_hash);
    const std::string device = device_of(who);
    if (is_news(tx, proven)) tell_of_new_sign_in(tx, proven.account, device, who.address);
    note_sign_in(tx, id, proven.kind, true, "", who.address, device);
    const Tokens tokens = open_session(tx, id, device, who.address);
    return {.access = tokens.access,
            .refresh = tokens.refresh,
            .token_type = tokens.token_type,
            .expires_in = tokens.expires_in,
            .device = issue_device(tx.site(), id, tx.now())};
}

}  // namespace tamiti::auth
