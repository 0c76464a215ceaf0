#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

namespace tamiti::http {

class Connection;

/// Bounds what all clients together make the server hold while it waits for them: heads and bodies that
/// arrive slowly, answers that are read slowly. An address holds half of it at most, an asker a quarter.
/// Where something doesn't fit, those who have been slow for longest go first; if there is nobody like that,
/// the one who wants more is refused.
class Budget {
public:
    using Clock = std::chrono::steady_clock;
    using Holder = std::uint64_t;  ///< an address or an asker; 0 for one whose share isn't looked at

    /// In whose name and how much.
    struct Claim {
        Holder address = 0;
        Holder asker = 0;
        std::size_t bytes = 0;
    };

    /// What one connection holds. Only the budget looks into it.
    class Holding {
    public:
        explicit Holding(Connection* connection) : connection_(connection) {}

    private:
        friend class Budget;
        Connection* connection_;
        Claim claim_{};
        Clock::time_point since_{};
        bool gone_ = false;  // it was cut for others
        std::list<Holding*>::iterator place_{};
    };

    /// `cut` ends the wait of a connection for its client, and says whether it was waiting. It is called
    /// under the lock, so it must be short and not come back.
    using Cut = std::function<bool(Connection&)>;

    Budget(std::size_t most, Cut cut);

    /// Makes that all that it holds. False where there is no room, or where it was cut before: what was
    /// claimed until now stays claimed, and the connection should end.
    bool hold(Holding& holding, const Claim& claim, Clock::time_point now);

    /// Gives everything back; the last thing that is done with a holding.
    void drop(Holding& holding);

    std::size_t held() const;

private:
    bool fits(const Holding& holding, const Claim& claim, Clock::time_point now);
    bool let_go(const Holding& newcomer, Holder holder, Clock::time_point slow_since);
    Holder largest() const;
    std::size_t held_by(Holder holder) const;
    void count(Holding& holding, const Claim& claim);

    const std::size_t most_;
    const Cut cut_;
    mutable std::mutex mutex_{};
    std::size_t held_ = 0;
    std::unordered_map<Holder, std::size_t> of_{};
    std::list<Holding*> holdings_{};  // the longest first
};

}  // namespace tamiti::http
