#pragma once

#include <chrono>
#include <memory>

#include "core/db/connection.hpp"

namespace tamiti::db {

/// Connections shared by the threads of a process: opened when first needed, closed by the next use after
/// five idle minutes, replaced when broken. Outages never leave the pool broken: the next acquire tries to
/// connect again (at most one attempt at a time per 200 ms; the others are refused at once).
class Pool {
public:
    Pool(ConnectionSettings settings, int size, std::chrono::milliseconds acquire_wait);
    ~Pool();

    /// A connection that goes back to the pool when the lease ends; one left inside a transaction is rolled
    /// back, a broken one is dropped.
    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection);
        Lease(Lease&&) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// Throws Unavailable (503, Retry-After) when none is free within the wait or the database can't be
    /// reached.
    Lease acquire();

    int size() const;  ///< connections that may be open
    int open() const;  ///< connections now open
    int in_use() const;
    const ConnectionSettings& settings() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tamiti::db
