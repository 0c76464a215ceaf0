#include "tests/support/redis.hpp"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

namespace tamiti::test {
namespace {

bool answers(const std::string& socket) {
    const timeval limit{.tv_sec = 1, .tv_usec = 0};
    const std::unique_ptr<redisContext, decltype(&redisFree)> connection(
        redisConnectUnixWithTimeout(socket.c_str(), limit), redisFree);
    if (!connection || connection->err != 0) return false;
    const std::unique_ptr<void, decltype(&freeReplyObject)> reply(redisCommand(connection.get(), "PING"),
                                                                  freeReplyObject);
    return reply != nullptr;
}

}  // namespace

PrivateRedis::PrivateRedis(std::vector<std::string> options) : options_(std::move(options)) {
    char pattern[] = "/tmp/tamiti-redis-XXXXXX";
    if (!mkdtemp(pattern)) throw std::runtime_error("No folder can be made in /tmp for a Redis.");
    folder_ = pattern;
    start();
}

PrivateRedis::~PrivateRedis() {
    if (process_ > 0) kill();
    std::error_code gone;
    std::filesystem::remove_all(folder_, gone);
}

void PrivateRedis::start() {
    const std::string socket = folder_ + "/redis.sock";
    std::vector<std::string> words = {"redis-server", "--port", "0", "--unixsocket", socket, "--dir",
                                      folder_,        "--save", "",  "--appendonly", "no"};
    words.insert(words.end(), options_.begin(), options_.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    const std::string log = folder_ + "/redis.log";
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int failed = posix_spawnp(&process_, "redis-server", &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("redis-server can't be started; is it installed?");
    for (int tries = 0; tries < 500; ++tries) {
        if (answers(socket)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("redis-server doesn't answer; its log is " + log);
}

void PrivateRedis::kill() {
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
}

void PrivateRedis::stop() {
    ::kill(process_, SIGSTOP);
}

void PrivateRedis::resume() {
    ::kill(process_, SIGCONT);
}

}  // namespace tamiti::test
