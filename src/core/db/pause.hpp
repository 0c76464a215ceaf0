#pragma once

#include <chrono>

namespace tamiti::db {

/// Sleeps for a random time between the two, so that those who clashed don't clash again at the same moment.
void pause(std::chrono::milliseconds least, std::chrono::milliseconds most);

}  // namespace tamiti::db
