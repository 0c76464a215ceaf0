#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tamiti::jobs {

/// A process of this same program with other arguments. It inherits the environment and the standard streams
/// and nothing else that is open, and is told by a signal when the thread that started it ends.
class Child {
public:
    struct Limits {
        int memory_mb = 0;     ///< of data that it may hold; 0 leaves it unlimited
        int on_orphaned = 15;  ///< the signal that it gets when we are gone
    };
    /// Starts it; throws std::runtime_error where the system has no process left.
    Child(const std::vector<std::string>& arguments, Limits limits);
    /// Ends it the hard way where it still runs.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;

    /// How it ended (a status of waitpid); nothing while it runs.
    std::optional<int> ended();

private:
    pid_t pid_ = -1;
    std::optional<int> status_{};
};

/// "exit 75", "signal 11 (Segmentation fault)".
std::string text_of_status(int status);

}  // namespace tamiti::jobs
