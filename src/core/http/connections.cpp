#include "core/http/connection.hpp"

#include <algorithm>
#include <utility>

/// The set of open connections and the sweep over it.
namespace tamiti::http {

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
