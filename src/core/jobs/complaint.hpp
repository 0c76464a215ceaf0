#pragma once

#include <chrono>
#include <string>

namespace tamiti::jobs {

/// What one part of the program says of an outage: a line at its start and one every ten seconds, however
/// often it tries, and one when it is over.
class Complaint {
public:
    /// `event` is the name of its log lines.
    explicit Complaint(const char* event) : event_(event) {}

    void make(const std::string& why);
    void withdraw();

private:
    const char* event_;
    std::chrono::steady_clock::time_point next_{};
    bool made_ = false;
};

}  // namespace tamiti::jobs
