#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"

/// Access tokens: signed JSON Web Tokens (RFC 7519) in the profile of RFC 9068, hardened as RFC 8725 asks.
namespace tamiti {

struct Site;
class TokenCache;

/// What an access token says.
struct AccessClaims {
    Uuid user{};
    Uuid session{};
    Uuid id{};         ///< of the token itself (jti)
    Uuid viewed_by{};  ///< who looks as this user, the session being theirs (act, RFC 8693); nil otherwise
    Timestamp issued_at{};
    Timestamp expires_at{};
};

/// One key that tokens are signed with, found by its id in the token's head.
struct TokenKey {
    std::string id{};
    std::string secret{};  ///< at least 32 bytes
};

/// Issues and verifies the access tokens of one site. HMAC with SHA-256 is the only algorithm; what a token's
/// head says of algorithms is compared, never obeyed. Safe to use from several threads.
class AccessTokens {
public:
    /// The first key signs, all verify: a new key goes in front and the old one stays until its tokens have
    /// expired. A short secret or two keys of one id throw std::logic_error.
    AccessTokens(std::vector<TokenKey> keys, std::string issuer, std::string audience);
    explicit AccessTokens(const Site& site);
    ~AccessTokens();

    std::string issue(const AccessClaims& claims) const;

    /// The claims of a token that is genuine and valid at that time. Whatever is wrong with it, the Problem
    /// is the same (`invalid_token`). A token seen before costs one look into a bounded cache.
    AccessClaims verify(std::string_view token, Timestamp now) const;

    static constexpr std::size_t longest = 8192;  ///< bytes; longer texts are refused unread

private:
    const TokenKey* key(std::string_view id) const;
    AccessClaims read(std::string_view token) const;
    bool has_good_head(std::string_view head, const TokenKey*& key) const;

    std::vector<TokenKey> keys_;
    std::vector<std::string> heads_{};  // of each key, encoded, with the dot: what most tokens begin with
    std::string issuer_;
    std::string audience_;
    std::unique_ptr<TokenCache> cache_;
};

/// The one answer to every access token that doesn't hold, whatever the reason (401 "auth.invalid_token").
Problem invalid_token();

}  // namespace tamiti
