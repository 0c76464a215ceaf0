#include "tests/support/waiting.hpp"

#include <chrono>
#include <thread>

namespace tamiti::test {

bool until_somebody_waits(db::Pool& pool, const std::atomic<bool>& is_done) {
    const auto waits = [&] {
        return !pool.acquire()
                    ->run(
                        "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                        " AND wait_event_type = 'Lock'")
                    .empty();
    };
    while (!is_done) {
        if (waits()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

}  // namespace tamiti::test
