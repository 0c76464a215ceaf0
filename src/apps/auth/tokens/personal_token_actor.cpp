#include "apps/auth/tokens/personal_token_actor.hpp"

#include <mutex>
#include <unordered_set>

#include "apps/auth/sessions/session_state.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/access/tokens.hpp"
#include "core/cache/throttle.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

namespace tamiti::auth {
namespace {

constexpr std::chrono::minutes use_resolution{1};

// Tokens of the right form that nobody was given: each costs a question to the database, which is more than
// whoever makes them up pays. A person who mistypes never gets that far, for the checksum.
constexpr Limit unknown_token{"unknown_token", 30, std::chrono::minutes(1)};

/// Tokens that were found to be somebody's: programs in the network of one who guesses go on. Whether a token
/// holds is asked all the same.
class IssuedTokens {
public:
    explicit IssuedTokens(const Site&) {}
    bool has(const Uuid& key) {
        const std::lock_guard lock(mutex_);
        return keys_.contains(key);
    }
    void add(const Uuid& key) {
        const std::lock_guard lock(mutex_);
        if (keys_.size() >= most) keys_.clear();
        keys_.insert(key);
    }

private:
    static constexpr std::size_t most = 16'384;
    std::mutex mutex_{};
    std::unordered_set<Uuid> keys_{};
};

void require_patience(Site& site, const Uuid& key, const std::string& network) {
    if (site.memory.get<IssuedTokens>(site).has(key)) return;
    if (const Allowance left = peek(site, unknown_token, network); !left.allowed)
        throw too_many_requests(unknown_token, left);
}

/// Notes when and from where a token was used. In a transaction of its own: the request may only read.
void note_use(Site& site, const std::string& hash, const std::string& address) {
    transact(site, Actor::system("use of a token"), [&](Tx& tx) {
        tx.execute({R"(UPDATE auth_personal_token_key SET last_used_at = {}, last_used_address = {}
                       WHERE hash = {} AND (last_used_at IS NULL OR last_used_at <= {} OR last_used_at > {}))",
                    tx.now(), address.substr(0, 64), hash, tx.now() - use_resolution,
                    tx.now() + clock_error});
    });
}

/// The holder of a token, and the token.
struct TokenState : PersonState {
    Uuid token{};
    Tags grants{};
    bool is_use_to_note = false;
};
BOOST_DESCRIBE_STRUCT(TokenState, (PersonState), (token, grants, is_use_to_note))

std::optional<TokenState> find_token(Site& site, const std::string& hash, Timestamp now) {
    // Who has no password has nothing that a second factor would add to: programs with accounts of their own.
    const Sql is_program("NOT EXISTS (SELECT FROM auth_password p WHERE p.account = u.id)");
    return look_once(site, [&](ReadTx& tx) {
        return tx.find_one<TokenState>(Sql{R"(SELECT {}, f.confirmed_at IS NOT NULL OR {} AS has_factor,
                          least(t.expires_at, u.expires_at) AS closes_at,
                          t.revoked_at IS NULL AND u.is_active
                          AND (u.signed_out_at IS NULL OR t.created_at > u.signed_out_at)
                          AND (u.is_verified OR {}) AS is_open,
                          t.id AS token, t.grants, k.last_used_at IS NULL OR k.last_used_at <= {} OR k.last_used_at > {} AS is_use_to_note
                   FROM auth_personal_token_key k JOIN auth_personal_token t ON t.id = k.token
                   JOIN {} u ON u.id = t.account LEFT JOIN auth_second_factor f ON f.account = u.id
                   WHERE k.hash = {})",
                                           person_columns(), is_program, is_program, now - use_resolution,
                                           now + clock_error, users::accounts(), hash});
    });
}

SessionState load_token(Site& site, const Uuid& key, const std::string& hash, const std::string& address) {
    const std::string network = network_of(address);
    require_patience(site, key, network);
    const Timestamp now = site.clock->now();
    auto found = find_token(site, hash, now);
    if (!found) {
        take(site, unknown_token, network);
        return {};
    }
    site.memory.get<IssuedTokens>(site).add(key);
    SessionState state = state_of(site, *found);
    state.token = found->token;
    state.grants = std::make_shared<const std::vector<std::string>>(std::move(found->grants.names));
    if (state.is_open && *state.closes_at > now && found->is_use_to_note) note_use(site, hash, address);
    return state;
}

}  // namespace

Uuid personal_token_key(std::string_view hash) {
    const auto part = [&](std::size_t from, std::size_t length) {
        return std::string(hash.substr(from, length));
    };
    return stored_uuid(part(0, 8) + "-" + part(8, 4) + "-" + part(12, 4) + "-" + part(16, 4) + "-" +
                       part(20, 12));
}

bool is_personal_token(std::string_view token) {
    return token.starts_with("tmt_");
}

Actor personal_token_actor(Site& site, std::string_view token, const http::Request& request) {
    if (!has_personal_token_form(token)) throw invalid_token();
    const std::string hash = token_hash(token);
    const auto load = [&](const Uuid& key) { return load_token(site, key, hash, request.client_address); };
    const auto state = site.memory.get<SessionCache>(site).find(personal_token_key(hash), load);
    if (state->token.is_nil()) throw invalid_token();
    Actor actor = actor_of(site, *state);
    actor.token = state->token;
    actor.grants = state->grants;
    actor.via = "token " + state->token.text();
    return actor;
}

}  // namespace tamiti::auth
