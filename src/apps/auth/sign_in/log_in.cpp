#include "apps/auth/service.hpp"

#include "apps/auth/factor/second_factor.hpp"
#include "apps/auth/sessions/refresh_tokens.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "core/api/route.hpp"

namespace tamiti::auth {
namespace {

/// Asks for the code of the second factor where the account has one. A wrong one is written down as a try.
void prove_factor(Tx& tx, const Actor& who, const LogIn& asked, Proven& proven) {
    try {
        proven.kind = require_second_factor(tx, who, proven.account.id, asked.code);
    } catch (const Problem& problem) {
        if (problem.code() == "auth.wrong_code") {
            proven.kind = SignInKind::second_factor;
            tx.roll_back();
            note_failure(tx.site(), who, proven, "wrong_code");
        }
        throw;
    }
}

}  // namespace

SignedIn log_in(Tx& tx, const Actor& who, const Call& call, LogIn asked) {
    forbid_storing(call);
    Proven proven = prove_password(tx.site(), who, asked);
    prove_factor(tx, who, asked, proven);
    return start_session(tx, who, proven);
}

Tokens refresh(Tx& tx, const Actor& who, const Call& call, Refresh asked) {
    forbid_storing(call);
    require(tx.site(), refresh_network, network_of(who.address));
    // In a transaction of its own, because a refusal must keep what it did: ending the session of a stolen
    // token.
    const auto tokens =
        transact(tx.site(), who, [&](Tx& inner) { return rotate(inner, who, asked.refresh); });
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
    if (member == "device")
        return {.max_length = 200,
                .help =
                    "What an earlier sign-in on this device gave; keeps strangers who guess from locking you "
                    "out."};
    if (member == "code")
        return {
            .max_length = 40,
            .help = "Of the authenticator app, or a recovery code, where the account has a second factor."};
    return {.max_length = 1024, .example = "studio-demo-2026"};
}

Rules rules_for(tag<Refresh>, std::string_view) {
    return {.max_length = 8192, .help = "As you got it with the access token."};
}

Rules rules_for(tag<LogOut>, std::string_view) {
    return {.max_length = 8192,
            .help = "Of the session to end; left out, it is the session of the access token."};
}

}  // namespace tamiti::auth
