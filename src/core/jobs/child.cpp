#include "core/jobs/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace tamiti::jobs {
namespace {

// Sanitizers reserve far more than they use.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool may_limit_memory = false;
#else
constexpr bool may_limit_memory = true;
#endif

// Runs in the new process, whose memory is a copy of ours at one moment: nothing here may allocate or lock.
[[noreturn]] void become(char* const* arguments, const Child::Limits& limits, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, limits.on_orphaned);
    if (getppid() != parent) _exit(0);  // we were orphaned before we said so
    if (may_limit_memory && limits.memory_mb > 0) {
        const rlim_t bytes = static_cast<rlim_t>(limits.memory_mb) << 20;
        const rlimit limit{bytes, bytes};
        setrlimit(RLIMIT_DATA, &limit);
    }
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    // Connections of ours must not stay open in it; 3 is the first after the standard streams.
    close_range(3, ~0U, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execv("/proc/self/exe", arguments);
    _exit(127);
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, Limits limits) {
    std::string name = "tamiti";
    std::vector<std::string> texts = arguments;
    std::vector<char*> pointers = {name.data()};
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    const pid_t parent = getpid();
    // Signals wait until the new process has its own handlers: one that came in between would meet ours.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_ = fork();
    if (pid_ == 0) become(pointers.data(), limits, parent);
    const int fault = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid_ < 0) throw std::runtime_error(std::string("no process can be started: ") + std::strerror(fault));
}

Child::~Child() {
    if (ended()) return;
    signal(SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
}

void Child::signal(int number) const {
    if (!status_) ::kill(pid_, number);
}

std::optional<int> Child::ended() {
    if (status_) return status_;
    int status = 0;
    const pid_t found = waitpid(pid_, &status, WNOHANG);
    if (found == pid_) status_ = status;
    if (found < 0 && errno == ECHILD) status_ = 0;
    return status_;
}

std::string text_of_status(int status) {
    if (WIFSIGNALED(status)) {
        const char* name = sigabbrev_np(WTERMSIG(status));
        return "signal " + std::to_string(WTERMSIG(status)) + " (SIG" + (name ? name : "?") + ")";
    }
    return "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace tamiti::jobs
