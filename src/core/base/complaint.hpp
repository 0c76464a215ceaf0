#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace tamiti {

/// What one part of the program says of an outage: a line at its start and one every ten seconds (or as far
/// apart as `apart`), however often it tries, and one when it is over. Threads may share it.
class Complaint {
public:
    /// `event` is the name of its log lines.
    explicit Complaint(const char* event, std::chrono::milliseconds apart = std::chrono::seconds(10))
        : event_(event), apart_(apart) {}

    void make(const std::string& why);
    void withdraw();

private:
    const char* event_;
    std::chrono::milliseconds apart_;
    std::mutex mutex_{};
    std::chrono::steady_clock::time_point next_{};
    std::int64_t held_back_ = 0;  // since the last line
    bool made_ = false;
};

}  // namespace tamiti
