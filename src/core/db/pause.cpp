#include "core/db/pause.hpp"

#include <random>
#include <thread>

namespace tamiti::db {

void pause(std::chrono::milliseconds least, std::chrono::milliseconds most) {
    thread_local std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::chrono::milliseconds::rep> spread(least.count(), most.count());
    std::this_thread::sleep_for(std::chrono::milliseconds(spread(random)));
}

}  // namespace tamiti::db
