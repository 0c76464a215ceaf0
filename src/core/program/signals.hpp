#pragma once

#include <chrono>
#include <csignal>
#include <functional>

namespace tamiti {

/// The signals that end a process (SIGINT, SIGTERM), for one thread to wait for. Make it before other threads
/// start, so that they block them, too.
class Signals {
public:
    Signals();

    /// Waits for one; answers its number.
    int wait() const;

    /// The same. Meanwhile `is_ready` is asked, several times a second until it says yes; then `tell` is
    /// called, once.
    int wait_and_tell(const std::function<bool()>& is_ready, const std::function<void()>& tell) const;

    /// Whether one comes within that time.
    bool comes(std::chrono::milliseconds within) const { return number_within(within) > 0; }

private:
    int number_within(std::chrono::milliseconds time) const;

    sigset_t set_{};
};

}  // namespace tamiti
