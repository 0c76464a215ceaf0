#include "core/jobs/supervisor.hpp"

#include <algorithm>
#include <csignal>

#include "core/base/log.hpp"
#include "core/jobs/child.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto shortest_pause = 50ms;
constexpr auto longest_pause = 5000ms;
constexpr auto healthy = 1s;
constexpr auto look = 20ms;

}  // namespace

Supervisor::Supervisor(std::vector<std::string> arguments, int memory_mb)
    : arguments_(std::move(arguments)), memory_mb_(memory_mb) {}

Supervisor::~Supervisor() {
    if (!thread_.joinable()) return;
    ask_to_stop();
    wait(0s);
}

void Supervisor::start() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Supervisor::ask_to_stop() {
    ++asked_;
}

void Supervisor::wait(std::chrono::seconds longest) {
    const auto deadline = Steady::now() + longest;
    while (!over_ && Steady::now() < deadline) std::this_thread::sleep_for(look);
    insist_ = true;
    if (thread_.joinable()) thread_.join();
}

// The process is told of our end by the end of this thread, which therefore lives as long as it.
void Supervisor::run() {
    auto pause = shortest_pause;
    while (asked_ == 0) {
        const auto began = Steady::now();
        try {
            Child child(arguments_, {.memory_mb = memory_mb_, .on_orphaned = SIGTERM});
            int told = 0;
            while (!child.ended()) {
                for (; told < asked_; ++told) child.signal(SIGTERM);
                if (insist_) child.signal(SIGKILL);
                std::this_thread::sleep_for(look);
            }
            if (asked_ > 0) break;
            log::warning("worker_ended", {{"pid", static_cast<std::int64_t>(child.pid())},
                                          {"status", text_of_status(*child.ended())}});
        } catch (const std::exception& error) {
            log::error("worker_not_started", {{"why", error.what()}});
        }
        if (Steady::now() - began >= healthy) pause = shortest_pause;
        for (const auto until = Steady::now() + pause; asked_ == 0 && Steady::now() < until;)
            std::this_thread::sleep_for(look);
        pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
    }
    over_ = true;
}

}  // namespace tamiti::jobs
