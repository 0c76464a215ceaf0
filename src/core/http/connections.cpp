#include "core/http/connection.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

/// The set of open connections, and the sweep over it that ends what takes too long.
namespace tamiti::http {

std::int64_t Deadline::now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

bool Deadline::set(Kind kind, std::chrono::milliseconds patience) {
    const std::int64_t due = kind == Kind::none ? 0 : now() + patience.count();
    return word_.exchange(due * 8 + static_cast<std::int64_t>(kind)) != fired;
}

Deadline::Kind Deadline::fire(std::int64_t now, bool idle_too) {
    std::int64_t word = word_.load();
    if (word == fired) return Kind::none;
    const auto kind = static_cast<Kind>(word & 7);
    const bool due = kind != Kind::none && (now >= word >> 3 || (idle_too && kind == Kind::idle));
    return due && word_.compare_exchange_strong(word, fired) ? kind : Kind::none;
}

std::optional<std::int64_t> Deadline::idle_until() const {
    const std::int64_t word = word_.load();
    const auto kind = static_cast<Kind>(word & 7);
    if (word == fired || (kind != Kind::idle && kind != Kind::head)) return std::nullopt;
    return word >> 3;
}

Connection* Connections::add(Shared& shared, boost::asio::ip::tcp::socket& socket, const AddressBytes& peer) {
    const auto& settings = shared.settings;
    const bool capped = settings.max_connections_per_address > 0 && !shared.proxies.trusts(peer);
    const std::lock_guard lock(mutex_);
    if (open_.size() - leaving_ >= settings.max_connections && !make_room()) return nullptr;
    const auto counted = per_address_.try_emplace(peer, 0).first;
    if (capped && counted->second >= settings.max_connections_per_address) return nullptr;
    open_.push_back(std::make_unique<Connection>(shared, *this, std::move(socket), peer));
    ++counted->second;
    open_.back()->place_ = std::prev(open_.end());
    return open_.back().get();
}

/// Asks the longest idle connection of the address that has most to go; false where none of them is idle.
bool Connections::make_room() {
    const auto most =
        std::ranges::max_element(per_address_, {}, &std::pair<const AddressBytes, std::size_t>::second);
    Connection* longest = nullptr;
    std::int64_t due = 0;
    for (const auto& connection : open_) {
        if (connection->leaving_ || most == per_address_.end() || connection->peer_ != most->first) continue;
        const auto until = connection->deadline_.idle_until();
        if (!until || (longest && *until >= due)) continue;
        longest = connection.get();
        due = *until;
    }
    if (!longest || !longest->cut(due, false, false)) return false;
    longest->leaving_ = true;
    ++leaving_;
    return true;
}

void Connections::remove(Connection& connection) {
    std::list<std::unique_ptr<Connection>>
        ended;  // destroyed after the lock, for closing a socket takes time
    const std::lock_guard lock(mutex_);
    if (connection.leaving_) --leaving_;
    if (const auto counted = per_address_.find(connection.peer_); --counted->second == 0)
        per_address_.erase(counted);
    ended.splice(ended.end(), open_, connection.place_);
}

std::size_t Connections::count() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
}

void Connections::sweep(bool stopping, bool forced) {
    const std::int64_t now = Deadline::now();
    const std::lock_guard lock(mutex_);
    for (const auto& connection : open_) connection->cut(now, stopping, forced);
}

void Connections::clear() {
    const std::lock_guard lock(mutex_);
    open_.clear();
    leaving_ = 0;
    per_address_.clear();
}

}  // namespace tamiti::http
