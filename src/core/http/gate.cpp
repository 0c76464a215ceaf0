#include "core/http/gate.hpp"

#include <algorithm>
#include <utility>

namespace tamiti::http {
namespace {

constexpr std::size_t most_known = 10'000;            // credentials, and askers that nobody waits for
constexpr std::size_t enough_to_know = 8;             // requests
constexpr double quick_ms = 10;                       // what most lists and all single rows stay under
constexpr double weight_of_last = 1.0 / 20.0;         // in the mean of the last requests
constexpr auto still_here = std::chrono::seconds(1);  // after somebody's last request

std::size_t quarter_of(std::size_t places) {
    return std::max<std::size_t>(1, places / 4);
}

}  // namespace

Gate::Gate(std::size_t serving, std::size_t in_flight)
    : most_serving_(serving), most_waiting_(in_flight - std::min(in_flight, serving)) {}

// Four places are as much as a core: a quarter of them keeps all cores busy. Half of that leaves others one.
std::size_t Gate::most_of(Asker asker, const Share& share) const {
    const std::size_t quarter = quarter_of(most_serving_);
    if (share.mean_ms > quick_ms) return others_ask(asker) ? std::max<std::size_t>(1, quarter / 2) : quarter;
    if (share.served < enough_to_know) return std::max(quarter, most_serving_ / 2);
    // Who is quick and alone may take them all: one is free again for others within their patience.
    return std::max(quarter, others_ask(asker) ? most_serving_ - 1 : most_serving_);
}

/// Whether somebody else came in the second before the latest request.
bool Gate::others_ask(Asker asker) const {
    const Visit& other = last_.asker == asker ? last_other_ : last_;
    return other.at != Clock::time_point{} && last_.at - other.at <= still_here;
}

Gate::Entry Gate::enter(Connection* connection, Asker asker, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (last_.asker != asker) last_other_ = last_;
    last_ = {asker, now};
    if (shares_.size() >= most_known) forget_idle();
    Share& share = shares_[asker];
    if (serving_ < most_serving_ && share.line.empty() && may_serve(asker, share)) {
        ++serving_;
        ++share.serving;
        return Entry::serve;
    }
    if (waiting_ >= most_waiting_ || share.line.size() >= quarter_of(most_waiting_)) return Entry::refused;
    if (share.line.empty()) turns_.push_back(asker);
    share.line.push_back({connection, now});
    ++waiting_;
    return Entry::wait;
}

Connection* Gate::leave(Asker asker, Clock::duration took) {
    const std::lock_guard lock(mutex_);
    --serving_;
    if (const auto share = shares_.find(asker); share != shares_.end()) {
        const double ms = std::chrono::duration<double, std::milli>(took).count();
        Share& left = share->second;
        --left.serving;
        if (took == Clock::duration::zero()) return next();
        const double weight = std::max(weight_of_last, 1.0 / static_cast<double>(++left.served));
        left.mean_ms += (ms - left.mean_ms) * weight;
    }
    return next();
}

/// Whoever's turn it is and may be served: those who have all that they may have are passed over.
Connection* Gate::next() {
    for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
        const auto share = shares_.find(*turn);
        if (!may_serve(*turn, share->second)) continue;
        ++serving_;
        ++share->second.serving;
        turns_.splice(turns_.end(), turns_, turn);
        return pop(share);
    }
    return nullptr;
}

Connection* Gate::pop(Shares::iterator share) {
    std::deque<Waiting>& line = share->second.line;
    Connection* const first = line.front().connection;
    line.pop_front();
    --waiting_;
    if (line.empty()) turns_.remove(share->first);
    return first;
}

Connection* Gate::expire(Clock::time_point limit) {
    const std::lock_guard lock(mutex_);
    for (const Asker asker : turns_)
        if (const auto share = shares_.find(asker); share->second.line.front().since <= limit)
            return pop(share);
    return nullptr;
}

Gate::Asker Gate::asker_of(std::uint64_t credentials, Asker unknown) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(credentials);
    return found == known_.end() ? unknown : found->second;
}

void Gate::know(std::uint64_t credentials, Asker asker) {
    const std::lock_guard lock(mutex_);
    // Full, it begins anew: whoever is forgotten is known again with their next answer.
    if (known_.size() >= most_known) known_.clear();
    known_[credentials] = asker;
}

void Gate::forget_idle() {
    std::erase_if(shares_,
                  [](const auto& one) { return one.second.serving == 0 && one.second.line.empty(); });
}

}  // namespace tamiti::http
