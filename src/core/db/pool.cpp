#include "core/db/pool.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/db/error.hpp"

namespace tamiti::db {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto idle_limit = std::chrono::minutes(5);
constexpr auto retry_pause = std::chrono::milliseconds(200);

[[noreturn]] void refuse_busy() {
    throw Unavailable("database.busy", "All database connections are in use. Try again in a moment.");
}

[[noreturn]] void refuse_unreachable() {
    throw Unavailable("database.unreachable", "The database can't be reached. Try again in a moment.");
}

}  // namespace

struct Pool::State {
    struct Idle {
        std::unique_ptr<Connection> connection;
        Clock::time_point since;
    };

    ConnectionSettings settings;
    int size;
    std::chrono::milliseconds acquire_wait;

    mutable std::mutex mutex{};
    std::condition_variable changed{};
    std::vector<Idle> idle{};  // the last is the warmest and goes first
    int open = 0;              // idle, in use and being opened
    bool outage = false;       // the last attempt to connect failed
    bool probing = false;      // during an outage: somebody is trying
    Clock::time_point next_attempt{};

    std::vector<Idle> take_cold();
    std::unique_ptr<Connection> connect(std::unique_lock<std::mutex>& lock);
    std::unique_ptr<Connection> take(std::unique_lock<std::mutex>& lock);
    void give_back(std::unique_ptr<Connection> connection);
};

// Removes those that were idle for too long; the caller closes them without the lock.
std::vector<Pool::State::Idle> Pool::State::take_cold() {
    const auto limit = Clock::now() - idle_limit;
    std::vector<Idle> cold;
    std::size_t count = 0;
    while (count < idle.size() && idle[count].since < limit) ++count;
    for (std::size_t i = 0; i < count; ++i) cold.push_back(std::move(idle[i]));
    idle.erase(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(count));
    open -= static_cast<int>(count);
    return cold;
}

// Opens one more without holding the lock. While the database is away one caller at a time tries, at most
// every 200 ms, and the others are refused at once instead of waiting for what will fail.
std::unique_ptr<Connection> Pool::State::connect(std::unique_lock<std::mutex>& lock) {
    if (outage && (probing || Clock::now() < next_attempt)) refuse_unreachable();
    const bool probes = outage;
    if (probes) probing = true;
    ++open;
    lock.unlock();
    std::unique_ptr<Connection> connection;
    std::string why;
    try {
        connection = std::make_unique<Connection>(settings);
    } catch (const std::exception& error) {  // no memory, too: the place in the pool must not be lost
        why = error.what();
    }
    lock.lock();
    if (probes) probing = false;
    if (connection != nullptr) {
        if (std::exchange(outage, false)) log::info("database.back");
        return connection;
    }
    --open;
    next_attempt = Clock::now() + retry_pause;
    if (!std::exchange(outage, true)) log::error("database.unreachable", {{"why", why}});
    changed.notify_all();
    refuse_unreachable();
}

std::unique_ptr<Connection> Pool::State::take(std::unique_lock<std::mutex>& lock) {
    const auto deadline = Clock::now() + acquire_wait;
    while (true) {
        if (!idle.empty()) {
            auto connection = std::move(idle.back().connection);
            idle.pop_back();
            return connection;
        }
        if (open < size) return connect(lock);
        if (changed.wait_until(lock, deadline) == std::cv_status::timeout && idle.empty() && open >= size)
            refuse_busy();
    }
}

void Pool::State::give_back(std::unique_ptr<Connection> connection) {
    std::vector<Idle> closing;  // closed after the lock is gone
    const std::lock_guard lock(mutex);
    if (connection->is_open()) {
        idle.push_back({std::move(connection), Clock::now()});
        closing = take_cold();
        changed.notify_one();
        return;
    }
    // Where one was lost the others most likely are too: better all anew than one failing request for each.
    closing.swap(idle);
    open -= static_cast<int>(closing.size()) + 1;
    changed.notify_all();
}

Pool::Pool(ConnectionSettings settings, int size, std::chrono::milliseconds acquire_wait)
    : state_(new State{std::move(settings), size, acquire_wait}) {
    state_->idle.reserve(static_cast<std::size_t>(size));
}

Pool::~Pool() = default;

Pool::Lease Pool::acquire() {
    std::unique_lock lock(state_->mutex);
    return {*this, state_->take(lock)};
}

int Pool::size() const {
    return state_->size;
}

int Pool::open() const {
    const std::lock_guard lock(state_->mutex);
    return state_->open;
}

int Pool::in_use() const {
    const std::lock_guard lock(state_->mutex);
    return state_->open - static_cast<int>(state_->idle.size());
}

const ConnectionSettings& Pool::settings() const {
    return state_->settings;
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&&) noexcept = default;

Pool::Lease::~Lease() {
    if (connection_ == nullptr) return;
    try {
        if (connection_->is_open() && connection_->in_transaction()) connection_->run("ROLLBACK");
    } catch (const std::exception&) {
        // It is broken then, and goes.
    }
    pool_->state_->give_back(std::move(connection_));
}

}  // namespace tamiti::db
