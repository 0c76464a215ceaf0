#include "core/api/volume.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "core/base/sentences.hpp"
#include "core/site/site.hpp"

namespace tamiti::api {
namespace {

constexpr std::int64_t kib = 1024;
constexpr std::chrono::hours window{1};

std::int64_t now_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Problem too_much(const Limit& limit, const Allowance& left) {
    const auto seconds = std::max<std::int64_t>(1, left.reset.count());
    return Problem(429, "http.too_much_written",
                   "You have written " + std::to_string(limit.permits / kib) +
                       " MB within an hour, the most that your role may. Try again in " +
                       in_words(left.reset) + ".")
        .with_header("Retry-After", std::to_string(seconds));
}

}  // namespace

WrittenVolume::WrittenVolume(const Site& site)
    : client_{"written_client", site.settings->volume_client_mb * static_cast<int>(kib), window},
      staff_{"written", site.settings->volume_mb * static_cast<int>(kib), window} {}

const Limit& WrittenVolume::limit_of(const Actor& who) const {
    return who.has(Role::client) ? client_ : staff_;
}

void WrittenVolume::count(Site& site, const Actor& who, std::size_t bytes) {
    if (bytes == 0 || who.id.is_nil()) return;
    const Limit& limit = limit_of(who);
    const auto size = static_cast<std::int64_t>(bytes);
    const std::int64_t now = now_seconds();
    int next = first_part;
    {
        const std::lock_guard lock(mutex_);
        const auto found = taken_.find(who.id);
        if (found != taken_.end() && found->second.until > now) {
            if (found->second.bytes >= size) {
                found->second.bytes -= size;
                return;
            }
            next =
                std::clamp(2 * found->second.part, first_part, std::max(first_part, limit.permits / parts));
        }
    }
    // The shared counter is asked without the lock. Of a limit that is nearly used up less than a part is
    // left.
    const int needed = static_cast<int>((size + kib - 1) / kib);
    int count = std::max(needed, next);
    Allowance left = tamiti::take(site, limit, who.id.text(), count);
    if (!left.allowed && count > needed) left = tamiti::take(site, limit, who.id.text(), count = needed);
    if (!left.allowed) throw too_much(limit, left);
    const std::lock_guard lock(mutex_);
    if (taken_.size() >= most_people) taken_.clear();
    Taken& taken = taken_[who.id];
    if (taken.until <= now) taken = {};
    taken.bytes += count * kib - size;
    taken.part = count;
    taken.until = now + std::chrono::seconds(window).count();
}

}  // namespace tamiti::api
