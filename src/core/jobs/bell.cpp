#include "core/jobs/bell.hpp"

#include <chrono>
#include <csignal>

#include "core/base/problem.hpp"
#include "core/db/error.hpp"
#include "core/model/tx.hpp"

namespace tamiti::jobs {

using namespace std::chrono_literals;

Bell::Bell(const Site& site) : pool_(site.pool) {
    // Signals are for the thread that waits for them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Bell::~Bell() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    rung_.notify_one();
    thread_.join();
}

void Bell::ring() {
    {
        const std::lock_guard lock(mutex_);
        if (pending_) return;
        pending_ = true;
    }
    rung_.notify_one();
}

void Bell::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        rung_.wait(lock, [&] { return pending_ || closing_; });
        if (!pending_) return;
        pending_ = false;
        lock.unlock();
        try {
            pool_->acquire()->run("SELECT pg_notify('tamiti_jobs', '')");
        } catch (const db::Error&) {
            // Workers look each second; the outage itself is logged by the pool.
        } catch (const Problem&) {
            // The same: no connection was free.
        }
        lock.lock();
        if (!closing_) rung_.wait_for(lock, 5ms, [&] { return closing_; });
    }
}

void ring_after_commit(Tx& tx) {
    Site& site = tx.site();
    tx.after_commit([&site] { site.memory.get<Bell>(site).ring(); });
}

}  // namespace tamiti::jobs
