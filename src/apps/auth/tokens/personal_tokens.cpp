#include "apps/auth/tokens/personal_tokens.hpp"

#include <sodium.h>

#include <algorithm>
#include <boost/crc.hpp>

#include "apps/auth/sessions/authenticate.hpp"
#include "apps/auth/sessions/own_session.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/auth/tokens/personal_token_actor.hpp"
#include "apps/users/service.hpp"
#include "core/access/session_cache.hpp"
#include "core/access/tokens.hpp"
#include "core/base/text.hpp"
#include "core/mail/mail.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/program/registry.hpp"

namespace tamiti::auth {
namespace {

constexpr std::string_view prefix = "tmt_";
constexpr std::size_t random_digits = 64;  // hexadecimal: 256 bits
constexpr std::size_t checksum_digits = 8;
constexpr std::chrono::days longest_life{365};
constexpr std::chrono::days warning{7};
constexpr int most_tokens = 50;
constexpr std::size_t most_grants = 40;

/// CRC-32 of what comes before it: for readers of the text, not against forgers, who meet the hash.
std::string checksum(std::string_view text) {
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    const std::uint32_t sum = crc.checksum();
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((sum >> shift) & 0xffU);
    return hex(bytes);
}

std::string new_token() {
    char random[random_digits / 2];
    randombytes_buf(random, sizeof random);
    const std::string text = std::string(prefix) + hex({random, sizeof random});
    return text + checksum(text);
}

/// Why a grant is refused; empty where it will do. An app that answers no token (how people sign in, how they
/// join) can't be granted.
std::string grant_fault(const Registry& registry, std::string_view grant) {
    const std::size_t colon = grant.find(':');
    const std::string_view module = grant.substr(0, colon);
    const std::string_view verb = colon == grant.npos ? std::string_view() : grant.substr(colon + 1);
    std::vector<std::string> modules = {"*"};
    for (const App& app : registry.apps())
        if (app.no_token.empty()) modules.push_back(app.name);
    if (std::ranges::find(modules, module) == modules.end())
        return "Begin with one of " + join(modules, ", ") + ", as in \"projects:read\".";
    if (verb != "read" && verb != "write") return "End with read or write, as in \"projects:read\".";
    return {};
}

void check(const Tx& tx, const NewPersonalToken& asked) {
    std::vector<FieldError> faults;
    if (trim(asked.name).empty()) faults.push_back({"name", "Say what the token is for."});
    if (asked.grants.names.empty())
        faults.push_back({"grants", "Grant something, such as \"projects:read\"."});
    if (asked.grants.names.size() > most_grants)
        faults.push_back(
            {"grants", "Use at most " + std::to_string(most_grants) + " grants; * stands for all modules."});
    for (std::size_t i = 0; i < std::min(asked.grants.names.size(), most_grants); ++i)
        if (std::string fault = grant_fault(*tx.site().registry, asked.grants.names[i]); !fault.empty())
            faults.push_back({"grants." + std::to_string(i), std::move(fault)});
    if (asked.expires_at <= tx.now())
        faults.push_back({"expires_at", "Choose a time in the future."});
    else if (asked.expires_at > tx.now() + longest_life)
        faults.push_back(
            {"expires_at", "Choose a time within a year; a token can be replaced by a new one."});
    if (!faults.empty()) throw Invalid(std::move(faults));
}

/// Of a token that ends soon what its holder is told.
struct EndingToken {
    std::string address{};
    std::string language{};
    std::string holder{};
    std::string token{};
    Timestamp expires_at{};
    std::string time_zone{};
};
BOOST_DESCRIBE_STRUCT(EndingToken, (), (address, language, holder, token, expires_at, time_zone))

void forget(Tx& tx, std::string_view hash) {
    tx.after_commit([&site = tx.site(), key = personal_token_key(hash)] {
        site.memory.get<SessionCache>(site).forget(key);
    });
}

}  // namespace

bool has_personal_token_form(std::string_view token) {
    if (token.size() != prefix.size() + random_digits + checksum_digits || !token.starts_with(prefix))
        return false;
    if (token.find_first_not_of("0123456789abcdef", prefix.size()) != token.npos) return false;
    const std::string_view text = token.substr(0, prefix.size() + random_digits);
    return token.substr(text.size()) == checksum(text);
}

MadePersonalToken make_personal_token(Tx& tx, const Actor& who, NewPersonalToken asked) {
    require_own_session(who);
    // A reset that ended the session ended the account's tokens: none may be made within the second in which
    // other nodes haven't noticed.
    tx.lock(Id<users::User>{who.id});
    if (!tx.exists({"SELECT FROM auth_session WHERE id = {} AND ended_at IS NULL", who.session}))
        throw invalid_token();
    return make_personal_token_of(tx, {who.id}, std::move(asked));
}

MadePersonalToken make_personal_token_of(Tx& tx, Id<users::User> account, NewPersonalToken asked) {
    check(tx, asked);
    tx.lock(account);  // one at a time, so that the count holds
    const auto held = tx.value<int>({R"(SELECT count(*) FROM auth_personal_token
                                        WHERE account = {} AND revoked_at IS NULL AND expires_at > {})",
                                     account, tx.now()});
    if (held >= most_tokens)
        throw Conflict("auth.too_many_tokens", "There are " + std::to_string(most_tokens) +
                                                   " tokens already. Revoke one that isn't used.");
    PersonalToken token;
    token.account = account;
    token.name = trim(asked.name);
    token.grants = asked.grants;
    token.expires_at = asked.expires_at;
    tx.insert(token);
    const std::string text = new_token();
    tx.execute(
        {"INSERT INTO auth_personal_token_key (hash, token) VALUES ({}, {})", token_hash(text), token.id});
    return {.id = token.id,
            .token = text,
            .name = token.name,
            .grants = token.grants,
            .expires_at = token.expires_at,
            .created_at = token.created_at};
}

std::vector<PersonalTokenSummary> personal_tokens(ReadTx& tx, const Actor& who) {
    require_no_token(who);
    return tx.all<PersonalTokenSummary>(
        Sql{R"(SELECT t.id, t.name, t.grants, t.expires_at, t.created_at, k.last_used_at, k.last_used_address
               FROM auth_personal_token t JOIN auth_personal_token_key k ON k.token = t.id
               WHERE t.account = {} AND t.revoked_at IS NULL AND t.expires_at > {}
               ORDER BY t.created_at DESC, t.id DESC)",
            who.id, tx.now()});
}

void revoke_personal_token(Tx& tx, const Actor& who, Id<PersonalToken> id) {
    require_own_session(who);
    PersonalToken token =
        tx.lock(id, where("account = {} AND revoked_at IS NULL AND expires_at > {}", who.id, tx.now()));
    token.revoked_at = tx.now();
    tx.save(token, &PersonalToken::revoked_at);
    forget(tx, tx.value<std::string>({"SELECT hash FROM auth_personal_token_key WHERE token = {}", id}));
}

void revoke_personal_tokens(Tx& tx, Id<users::User> account, std::optional<Timestamp> until) {
    const auto ended = tx.all<std::string>(
        {R"(UPDATE auth_personal_token t SET revoked_at = {}, updated_at = {}, version = t.version + 1
            FROM auth_personal_token_key k
            WHERE k.token = t.id AND t.account = {} AND t.revoked_at IS NULL
              AND t.created_at <= coalesce({}, t.created_at)
            RETURNING k.hash)",
         tx.now(), tx.now(), account, until});
    for (const std::string& hash : ended) forget(tx, hash);
}

JobResult warn_of_expiring_tokens(Tx& tx, const WarnOfExpiringTokens&) {
    const auto ending = tx.all<EndingToken>(
        Sql{R"(UPDATE auth_personal_token t SET warned_at = {}, updated_at = {}, version = t.version + 1
               FROM {} u
               WHERE u.id = t.account AND t.warned_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > {}
                 AND t.expires_at <= {} AND t.expires_at - t.created_at > interval '7 days' AND u.is_active
               RETURNING u.email AS address, u.language, u.name AS holder, t.name AS token, t.expires_at,
                         u.time_zone)",
            tx.now(), tx.now(), users::accounts(), tx.now(), tx.now() + warning});
    for (const EndingToken& token : ending)
        mail::send(tx, {.to = token.address,
                        .template_name = "personal_token_expiring",
                        .values = {{"name", token.holder},
                                   {"token", token.token},
                                   {"when", format(day_in_zone(token.expires_at, token.time_zone))}},
                        .language = token.language});
    return done();
}

const Shape& shape_of(tag<NewPersonalToken>) {
    static const Shape shape = input<NewPersonalToken>(
        {field<&NewPersonalToken::name>(
             "name", {.max_length = 100, .help = "What the token is for.", .example = "Nightly report"}),
         field<&NewPersonalToken::grants>(
             "grants", {.required = true,
                        .help = "Module and read or write; * stands for every module that answers tokens.",
                        .example = R"(["projects:read", "projects:write"])"}),
         field<&NewPersonalToken::expires_at>(
             "expires_at", {.help = "Within a year.", .example = "2027-01-31T00:00:00Z"})});
    return shape;
}

}  // namespace tamiti::auth
