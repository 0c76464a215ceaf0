#include "apps/auth/sessions/refresh_tokens.hpp"

#include "apps/auth/mails.hpp"
#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/sign_in/accounts.hpp"
#include "apps/auth/sign_in/history.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/users/service.hpp"
#include "core/access/tokens.hpp"
#include "core/base/crypto.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

// A client whose answer was lost tries again within seconds; who comes later with a used token has stolen it,
// or was robbed.
constexpr std::chrono::seconds grace{10};

/// The one token that may follow a token. It is computed and not kept, so that a repeated request gets the
/// same one.
std::string successor(const std::string& key, std::string_view token) {
    return base64url(hmac_sha256(key, token));
}

/// The successor that a used token got. While the secret key is being changed, the key before may have
/// computed it.
std::string kept_successor(Tx& tx, std::string_view token) {
    constexpr std::string_view purpose = "refresh successor";
    std::string next = successor(tx.site().key(purpose), token);
    const std::string previous = tx.site().previous_key(purpose);
    if (previous.empty() || tx.exists({"SELECT FROM auth_refresh_token WHERE hash = {}", token_hash(next)}))
        return next;
    return successor(previous, token);
}

Tokens tokens_of(Tx& tx, const Session& session, std::string refresh) {
    const int lifetime = tx.settings().access_token_seconds;
    AccessClaims claims;
    claims.user = session.account.value;
    claims.session = session.id.value;
    claims.id = Uuid::make();
    claims.issued_at = tx.now();
    claims.expires_at = tx.now() + std::chrono::seconds(lifetime);
    const AccessTokens& access = tx.site().memory.get<AccessTokens>(tx.site());
    return {.access = access.issue(claims), .refresh = std::move(refresh), .expires_in = lifetime};
}

void keep(Tx& tx, const Session& session, std::string_view token, std::int64_t generation,
          const std::optional<std::string>& parent) {
    tx.send({R"(INSERT INTO auth_refresh_token (hash, session, generation, parent, created_at)
                VALUES ({}, {}, {}, {}, {}))",
             token_hash(token), session.id, generation, parent, tx.now()});
}

/// What was done with a refresh token.
struct TokenUse {
    std::int64_t generation = 0;
    bool is_fresh = false;   ///< nobody has used it
    bool is_repeat = false;  ///< the same client has, a moment ago
};
BOOST_DESCRIBE_STRUCT(TokenUse, (), (generation, is_fresh, is_repeat))

/// Whether the session may go on; one of an account that may not sign in is ended here.
bool may_go_on(Tx& tx, const Session& session) {
    if (session.ended_at || session.expires_at <= tx.now()) return false;
    if (session.created_at > tx.now() + clock_error) return false;  // opened by a clock that stood wrong
    if (session.last_used_at + std::chrono::days(tx.settings().refresh_idle_days) <= tx.now()) return false;
    const users::User user = tx.get(session.account);
    const bool was_signed_out = user.signed_out_at && session.created_at <= *user.signed_out_at;
    if (users::may_sign_in(user, tx.now()) && !was_signed_out) return true;
    end(tx, session.id, EndReason::account_closed);
    return false;
}

/// The people's own record of when they were here: one line a day and session is enough.
void note_first_of_day(Tx& tx, const Actor& who, const Session& session) {
    using std::chrono::days, std::chrono::floor;
    if (floor<days>(session.last_used_at) == floor<days>(tx.now())) return;
    note_sign_in(tx, session.account, SignInKind::refresh, true, "", who.address, device_of(who));
}

/// Somebody has a token that somebody else used: nobody can tell who is the owner, so both must sign in
/// again.
void end_stolen(Tx& tx, const Actor& who, const Session& session) {
    log::warning(
        "refresh_token_reused",
        {{"session", session.id.text()}, {"user", session.account.text()}, {"address", who.address}});
    end(tx, session.id, EndReason::token_reused);
    note_sign_in(tx, session.account, SignInKind::refresh, false, "token_reused", who.address,
                 device_of(who));
    if (const auto account = account_of(tx, session.account)) tell_of_reuse(tx, *account, session.device);
}

}  // namespace

Tokens open_session(Tx& tx, Id<users::User> account, std::string_view device, std::string_view address) {
    Session session;
    session.id = {Uuid::make()};
    session.account = account;
    // With its first token and COMMIT in one message: signing in shall take little more than the hash.
    tx.send(
        {R"(INSERT INTO auth_session (id, account, device, address, last_used_at, expires_at, created_at, updated_at)
                VALUES ({}, {}, {}, {}, {}, {}, {}, {}))",
         session.id, account, device, address, tx.now(),
         tx.now() + std::chrono::days(tx.settings().refresh_days), tx.now(), tx.now()});
    std::string token = random_base64url(32);
    keep(tx, session, token, 1, std::nullopt);
    return tokens_of(tx, session, std::move(token));
}

std::optional<Tokens> rotate(Tx& tx, const Actor& who, const std::string& token) {
    const std::string hash = token_hash(token);
    // The account before its sessions, as everything else locks them.
    const auto found = tx.find_one<Id<Session>>(
        Sql{R"(SELECT s.id FROM auth_refresh_token t JOIN auth_session s ON s.id = t.session
               JOIN {} u ON u.id = s.account WHERE t.hash = {} FOR KEY SHARE OF u)",
            users::accounts(), hash});
    if (!found) return std::nullopt;
    require(tx.site(), refresh_session, found->text());
    // From here on one request at a time: what was read above never changes, the rest is read under the lock.
    const Session session = tx.lock(*found);
    if (!may_go_on(tx, session)) return std::nullopt;
    const std::string device = device_of(who);
    const auto state = tx.one<TokenUse>(Sql{R"(SELECT generation, used_at IS NULL AS is_fresh,
                      coalesce(used_at BETWEEN {} AND {} AND used_by = {}, false) AS is_repeat
               FROM auth_refresh_token WHERE hash = {})",
                                            tx.now() - grace, tx.now() + clock_error, device, hash});
    if (state.is_fresh) {
        std::string next = successor(tx.site().key("refresh successor"), token);
        tx.send({"UPDATE auth_refresh_token SET used_at = {}, used_by = {} WHERE hash = {}", tx.now(), device,
                 hash});
        tx.send({"UPDATE auth_session SET last_used_at = {} WHERE id = {}", tx.now(), session.id});
        keep(tx, session, next, state.generation + 1, hash);
        note_first_of_day(tx, who, session);
        return tokens_of(tx, session, std::move(next));
    }
    if (!state.is_repeat) {
        end_stolen(tx, who, session);
        return std::nullopt;
    }
    return tokens_of(tx, session, kept_successor(tx, token));
}

Tokens refresh(Tx& tx, const Actor& who, Refresh asked) {
    // In a transaction of its own, because a refusal must keep what it did: ending the session of a stolen
    // token.
    const auto tokens =
        transact(tx.site(), who, [&](Tx& inner) { return rotate(inner, who, asked.refresh); });
    if (tokens) return *tokens;
    require(tx.site(), refresh_network, network_of(who.address));
    throw Problem(401, "auth.invalid_refresh", "The refresh token is not valid any more. Sign in again.")
        .with_header("WWW-Authenticate", "Bearer");
}

const Shape& shape_of(tag<Refresh>) {
    static const Shape shape = input<Refresh>({field<&Refresh::refresh>(
        "refresh", {.max_length = 8192, .help = "As you got it with the access token."})});
    return shape;
}

}  // namespace tamiti::auth
