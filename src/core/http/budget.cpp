#include "core/http/budget.hpp"

#include <algorithm>
#include <utility>

namespace tamiti::http {
namespace {

/// Whoever took longer may be cut for others of the same address or asker. An honest upload of that time is
/// slower than any line that people work with.
constexpr std::chrono::seconds slow{10};

}  // namespace

Budget::Budget(std::size_t most, Cut cut) : most_(most), cut_(std::move(cut)) {}

bool Budget::hold(Holding& holding, const Claim& claim, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (holding.gone_) return false;
    if (claim.bytes > holding.claim_.bytes && !fits(holding, claim, now)) return false;
    if (claim.bytes == 0) {
        if (holding.claim_.bytes > 0) holdings_.erase(holding.place_);
    } else if (holding.claim_.bytes == 0) {
        holding.since_ = now;
        holding.place_ = holdings_.insert(holdings_.end(), &holding);
    }
    count(holding, claim);
    return true;
}

void Budget::drop(Holding& holding) {
    const std::lock_guard lock(mutex_);
    if (holding.claim_.bytes > 0) holdings_.erase(holding.place_);
    count(holding, {});
}

std::size_t Budget::held() const {
    const std::lock_guard lock(mutex_);
    return held_;
}

/// Looks at the shares first: whoever has too much makes room among their own and nowhere else.
bool Budget::fits(const Holding& holding, const Claim& claim, Clock::time_point now) {
    const std::size_t before = holding.claim_.bytes;
    const auto within_share = [&](Holder holder, Holder counted, std::size_t share) {
        if (holder == 0) return true;
        const std::size_t own = holder == counted ? before : 0;
        // A single one may be larger than the share: somebody's only answer is never too long for them.
        while (held_by(holder) > own && held_by(holder) - own + claim.bytes > share)
            if (!let_go(holding, holder, now - slow)) return false;
        return true;
    };
    if (!within_share(claim.asker, holding.claim_.asker, most_ / 4)) return false;
    if (!within_share(claim.address, holding.claim_.address, most_ / 2)) return false;
    while (held_ + claim.bytes - before > most_)
        if (!let_go(holding, largest(), now) && !let_go(holding, 0, now - slow)) return false;
    return true;
}

/// Cuts the one of that holder's (0: of anybody's) that has waited for its client since then and for longest;
/// false where there is none. Its bytes are given back in a moment and count no longer.
bool Budget::let_go(const Holding& newcomer, Holder holder, Clock::time_point slow_since) {
    for (auto one = holdings_.begin(); one != holdings_.end(); ++one) {
        Holding& longest = **one;
        if (longest.since_ > slow_since) return false;
        const bool is_theirs =
            holder == 0 || longest.claim_.address == holder || longest.claim_.asker == holder;
        if (&longest == &newcomer || !is_theirs || !cut_(*longest.connection_)) continue;
        longest.gone_ = true;
        holdings_.erase(one);
        count(longest, {});
        return true;
    }
    return false;
}

std::size_t Budget::held_by(Holder holder) const {
    const auto found = of_.find(holder);
    return found == of_.end() ? 0 : found->second;
}

/// Whoever holds most; 0, which is anybody, where no share is counted.
Budget::Holder Budget::largest() const {
    const auto most = std::ranges::max_element(of_, {}, &std::pair<const Holder, std::size_t>::second);
    return most == of_.end() ? 0 : most->first;
}

void Budget::count(Holding& holding, const Claim& claim) {
    const auto change = [this](Holder holder, std::size_t less, std::size_t more) {
        if (holder == 0 || less == more) return;
        std::size_t& sum = of_[holder];
        sum = sum - less + more;
        if (sum == 0) of_.erase(holder);
    };
    const Claim before = std::exchange(holding.claim_, claim);
    held_ = held_ - before.bytes + claim.bytes;
    change(before.address, before.bytes, 0);
    change(claim.address, 0, claim.bytes);
    // Of whom no more than the address is known counts once.
    if (before.asker != before.address) change(before.asker, before.bytes, 0);
    if (claim.asker != claim.address) change(claim.asker, 0, claim.bytes);
}

}  // namespace tamiti::http
