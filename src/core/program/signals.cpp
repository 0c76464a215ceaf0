#include "core/program/signals.hpp"

#include <ctime>

namespace tamiti {

using namespace std::chrono_literals;

Signals::Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int Signals::wait() const {
    int number = 0;
    sigwait(&set_, &number);
    return number;
}

int Signals::wait_and_tell(const std::function<bool()>& is_ready, const std::function<void()>& tell) const {
    while (!is_ready())
        if (const int number = number_within(200ms); number > 0) return number;
    tell();
    return wait();
}

int Signals::number_within(std::chrono::milliseconds time) const {
    const timespec within{time.count() / 1000, time.count() % 1000 * 1000000};
    return sigtimedwait(&set_, nullptr, &within);
}

}  // namespace tamiti
