#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/access/tokens.hpp"
#include "core/base/text.hpp"

namespace tamiti {

/// Tokens whose signature was found genuine, under their full text. Bounded: a shard that is full starts a
/// new generation and forgets the one before the last, so what is in use stays. Only genuine tokens get in,
/// so nobody outside chooses what is kept. Whoever asks still checks the times.
class TokenCache {
public:
    std::optional<AccessClaims> find(std::string_view token) {
        Shard& shard = shard_of(token);
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.young.find(token); found != shard.young.end()) return found->second;
        const auto found = shard.old.find(token);
        if (found == shard.old.end()) return std::nullopt;
        const AccessClaims claims = found->second;
        auto node = shard.old.extract(found);
        make_room(shard);
        shard.young.insert(std::move(node));
        return claims;
    }

    void add(std::string_view token, const AccessClaims& claims) {
        Shard& shard = shard_of(token);
        const std::lock_guard lock(shard.mutex);
        make_room(shard);
        shard.young.insert_or_assign(std::string(token), claims);
    }

    static constexpr std::size_t shards = 16;
    static constexpr std::size_t generation = 256;  ///< tokens; two of them a shard: 8,192 in all, about 5 MB

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return fast_hash(text); }
    };
    using Tokens = std::unordered_map<std::string, AccessClaims, Hash, std::equal_to<>>;
    struct Shard {
        std::mutex mutex;
        Tokens young;
        Tokens old;
    };

    static void make_room(Shard& shard) {
        if (shard.young.size() < generation) return;
        shard.old = std::move(shard.young);
        shard.young.clear();
    }

    /// By the last full sextet of the signature, which is as good as random; the very last character has four
    /// bits only.
    Shard& shard_of(std::string_view token) {
        return all_[token.size() < 2 ? 0 : static_cast<unsigned char>(token[token.size() - 2]) % shards];
    }

    std::array<Shard, shards> all_{};
};

}  // namespace tamiti
