#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/access/role.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"

namespace tamiti {

struct Site;

/// What a session, a personal access token or a view as somebody else allows.
struct SessionState {
    Uuid user{};
    RoleSet roles{};
    Uuid token{};  ///< of a personal access token its id; nil otherwise
    std::shared_ptr<const std::vector<std::string>> grants{};  ///< of that token
    Uuid viewed_by{};  ///< of a view the admin who looks; nil otherwise
    bool is_verified = false;
    bool must_add_factor = false;  ///< a role demands a second factor that the user hasn't set up
    std::string time_zone = "UTC";
    std::string language = "en";
    bool is_open = false;                  ///< neither ended nor of a user who may not sign in
    std::optional<Timestamp> closes_at{};  ///< when session or account expire
};

/// The sessions of a site as the database had them less than a second ago, so that a request needs no query
/// to know that its session was not ended. However many requests a session makes at once, they ask the
/// database together, once.
class SessionCache {
public:
    SessionCache() = default;
    explicit SessionCache(const Site&) {}

    using State = std::shared_ptr<const SessionState>;
    using Load = std::function<SessionState(const Uuid&)>;

    /// The state of a session, at most `longest_age` old; `load` asks the database. What `load` throws
    /// reaches all who wait for it, and the next one asks again. The age counts from `now`, before the
    /// question.
    State find(const Uuid& session, const Load& load,
               std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

    /// Forget what changed in this process; other processes notice within `longest_age`. Call after the
    /// commit.
    void forget(const Uuid& session);
    void forget_user(const Uuid& user);

    /// Less than the second that revoking is promised in: a request that is under way takes its part of it.
    static constexpr std::chrono::milliseconds longest_age{800};

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Entry {
        std::shared_future<State> state{};
        Moment asked_at{};
    };
    struct Shard {
        std::mutex mutex{};
        std::unordered_map<Uuid, Entry> entries{};
    };
    static constexpr std::size_t shards = 16;
    static constexpr std::size_t most = 1024;  // entries of a shard

    Shard& shard_of(const Uuid& session) { return shards_[session.bytes[15] % shards]; }
    static void make_room(Shard& shard, Moment now);
    static void drop(Shard& shard, const Uuid& session, Moment asked_at);

    std::array<Shard, shards> shards_{};
};

}  // namespace tamiti
