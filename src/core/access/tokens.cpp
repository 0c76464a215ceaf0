#include "core/access/tokens.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "core/access/token_cache.hpp"
#include "core/base/base64url.hpp"
#include "core/base/crypto.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/site/site.hpp"

// The token format is written out here, over libsodium's HMAC, because libjwt 1.10 can neither write nor read
// the explicit type "at+jwt" that RFC 9068 and RFC 8725 (3.11) ask for, and parses claims before it has
// checked the signature.

namespace tamiti {
namespace {

// Clocks of two nodes may differ: a token from a node that is ahead is not from the future.
constexpr std::chrono::seconds clock_skew{30};

struct Parts {
    std::string_view head, claims, signature;
    std::string_view signed_text;  // head, dot and claims
};

/// The three parts, nothing where there are not exactly two dots. Counts without splitting: a text of many
/// dots costs no more than its length.
std::optional<Parts> parts_of(std::string_view token) {
    const std::size_t first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

bool is_signed(const Parts& parts, const std::string& secret) {
    const std::optional<std::string> signature = decode_base64url(parts.signature);
    return signature && same_secret(*signature, hmac_sha256(secret, parts.signed_text));
}

std::int64_t seconds(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// A member of the claims; its absence or another type is a refusal.
std::string_view text_claim(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    if (!found || !found->is_string()) throw invalid_token();
    return found->get_string();
}

Uuid id_claim(const json::object& claims, std::string_view name) {
    const std::optional<Uuid> id = Uuid::parse(text_claim(claims, name));
    if (!id || id->is_nil()) throw invalid_token();
    return *id;
}

Timestamp time_claim(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    constexpr std::int64_t end_of_time = 253'402'300'800;  // year 10000
    if (!found || !found->is_int64() || found->get_int64() < 0 || found->get_int64() >= end_of_time)
        throw invalid_token();
    return Timestamp(std::chrono::seconds(found->get_int64()));
}

/// Whether all members are strings of these names, each name once: any other member ("crit", "jku", "jwk",
/// "b64", "zip") would ask for behaviour that we don't have.
bool has_only_texts(const json::object& head, std::initializer_list<std::string_view> names) {
    return head.size() == names.size() && std::ranges::all_of(names, [&](std::string_view name) {
               const json::value* found = head.if_contains(name);
               return found && found->is_string();
           });
}

/// Who acts as the subject (RFC 8693, 4.1): one id and nothing else, above all no further actor inside.
Uuid viewer_claim(const json::object& claims) {
    const json::value* found = claims.if_contains("act");
    if (!found) return {};
    if (!found->is_object() || found->get_object().size() != 1) throw invalid_token();
    return id_claim(found->get_object(), "sub");
}

/// The key that is derived from a secret of the site; its id tells keys apart and nothing about the key.
TokenKey key_from(const std::string& key, const std::string& id) {
    return {hex(id).substr(0, 12), key};
}

/// The present key, which signs, and the one before it while the settings still name it.
std::vector<TokenKey> keys_of(const Site& site) {
    constexpr std::string_view id = "access key id";
    std::vector<TokenKey> keys = {key_from(site.key("access"), site.key(id))};
    if (!site.previous_secret.empty() && site.previous_secret != site.secret)
        keys.push_back(key_from(site.previous_key("access"), site.previous_key(id)));
    return keys;
}

}  // namespace

Problem invalid_token() {
    return Problem(401, "auth.invalid_token", "The access token is not valid or has expired. Sign in again.")
        .with_header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
}

AccessTokens::AccessTokens(std::vector<TokenKey> keys, std::string issuer, std::string audience)
    : keys_(std::move(keys)),
      issuer_(std::move(issuer)),
      audience_(std::move(audience)),
      cache_(std::make_unique<TokenCache>()) {
    if (keys_.empty()) throw std::logic_error("access tokens need a key");
    for (const TokenKey& key : keys_) {
        if (key.secret.size() < 32)
            throw std::logic_error("the key of access tokens has fewer than 32 bytes");
        if (this->key(key.id) != &key) throw std::logic_error("two keys of access tokens have one id");
        std::string head;
        json::Writer writer(head);
        writer.begin_object();
        writer.key("alg");
        writer.string("HS256");
        writer.key("kid");
        writer.string(key.id);
        writer.key("typ");
        writer.string("at+jwt");
        writer.end_object();
        heads_.push_back(base64url(head));
    }
}

AccessTokens::AccessTokens(const Site& site)
    : AccessTokens(keys_of(site), "tamiti", site.origin.empty() ? site.name : site.origin) {}

AccessTokens::~AccessTokens() = default;

const TokenKey* AccessTokens::key(std::string_view id) const {
    const auto found = std::ranges::find(keys_, id, &TokenKey::id);
    return found == keys_.end() ? nullptr : &*found;
}

std::string AccessTokens::issue(const AccessClaims& claims) const {
    std::string body;
    json::Writer writer(body);
    writer.begin_object();
    writer.key("iss");
    writer.string(issuer_);
    writer.key("aud");
    writer.string(audience_);
    writer.key("sub");
    writer.string(claims.user.text());
    writer.key("sid");
    writer.string(claims.session.text());
    writer.key("jti");
    writer.string(claims.id.text());
    if (!claims.viewed_by.is_nil()) {
        writer.key("act");
        writer.begin_object();
        writer.key("sub");
        writer.string(claims.viewed_by.text());
        writer.end_object();
    }
    for (const char* name : {"iat", "nbf"}) {
        writer.key(name);
        writer.integer(seconds(claims.issued_at));
    }
    writer.key("exp");
    writer.integer(seconds(claims.expires_at));
    writer.end_object();
    const std::string signed_text = heads_.front() + '.' + base64url(body);
    return signed_text + '.' + base64url(hmac_sha256(keys_.front().secret, signed_text));
}

bool AccessTokens::has_good_head(std::string_view head, const TokenKey*& key) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (head != heads_[i]) continue;
        key = &keys_[i];
        return true;
    }
    const std::optional<std::string> text = decode_base64url(head);
    if (!text) return false;
    const json::value parsed = json::parse(*text);
    if (!parsed.is_object()) return false;
    const json::object& members = parsed.get_object();
    if (!has_only_texts(members, {"alg", "typ", "kid"})) return false;
    if (members.at("alg").get_string() != "HS256" || members.at("typ").get_string() != "at+jwt") return false;
    key = this->key(members.at("kid").get_string());
    return key != nullptr;
}

AccessClaims AccessTokens::read(std::string_view token) const {
    const std::optional<Parts> parts = parts_of(token);
    const TokenKey* key = nullptr;
    if (!parts || !has_good_head(parts->head, key)) throw invalid_token();
    if (!is_signed(*parts, key->secret)) throw invalid_token();  // before anybody looks at the claims
    const std::optional<std::string> text = decode_base64url(parts->claims);
    if (!text) throw invalid_token();
    const json::value parsed = json::parse(*text);
    if (!parsed.is_object()) throw invalid_token();
    const json::object& claims = parsed.get_object();
    if (text_claim(claims, "iss") != issuer_ || text_claim(claims, "aud") != audience_) throw invalid_token();
    const Timestamp issued_at = std::max(time_claim(claims, "iat"), time_claim(claims, "nbf"));
    return {.user = id_claim(claims, "sub"),
            .session = id_claim(claims, "sid"),
            .id = id_claim(claims, "jti"),
            .viewed_by = viewer_claim(claims),
            .issued_at = issued_at,
            .expires_at = time_claim(claims, "exp")};
}

AccessClaims AccessTokens::verify(std::string_view token, Timestamp now) const {
    if (token.size() > longest) throw invalid_token();
    std::optional<AccessClaims> claims = cache_->find(token);
    const bool is_known = claims.has_value();
    if (!is_known) {
        try {
            claims = read(token);
        } catch (const Problem&) {  // of the JSON reader: the same refusal as for anything else
            throw invalid_token();
        }
    }
    if (claims->expires_at <= now || claims->issued_at > now + clock_skew) throw invalid_token();
    if (!is_known) cache_->add(token, *claims);
    return *claims;
}

}  // namespace tamiti
