#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tamiti::test {

/// A Redis of a test's own on a unix socket, to be killed, stopped and flushed as the test likes. Without
/// redis-server in PATH the constructor throws a std::runtime_error with a sentence.
class PrivateRedis {
public:
    explicit PrivateRedis(std::vector<std::string> options = {});
    ~PrivateRedis();
    PrivateRedis(const PrivateRedis&) = delete;
    PrivateRedis& operator=(const PrivateRedis&) = delete;

    /// For Settings::redis_url.
    std::string url() const { return "unix://" + folder_ + "/redis.sock"; }

    void start();  ///< after kill(): an empty Redis at the same place
    void kill();   ///< at once, as a crash would
    void stop();   ///< it keeps its connections and answers nothing
    void resume();

private:
    std::string folder_;
    std::vector<std::string> options_;
    pid_t process_ = 0;
};

}  // namespace tamiti::test
