#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace tamiti::jobs {

/// Keeps one process of this program alive: whatever ends it, another is started, at once the first time and
/// with growing pauses (up to 5 s) where it doesn't live for ten seconds.
class Supervisor {
public:
    Supervisor(std::vector<std::string> arguments, int memory_mb);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    void start();
    /// Asks the process to stop and starts no other; a second time tells it to hurry.
    void ask_to_stop();
    /// Waits for it; after that time it is ended the hard way.
    void wait(std::chrono::seconds longest);

private:
    void run();

    const std::vector<std::string> arguments_;
    const int memory_mb_;
    std::atomic<int> asked_{0};
    std::atomic<bool> insist_{false};
    std::atomic<bool> over_{false};
    std::thread thread_{};
};

}  // namespace tamiti::jobs
