#include "tests/support/smtp.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tamiti::test {

SmtpPeer::SmtpPeer(const std::string& password) {
    char pattern[] = "/tmp/tamiti-smtp-XXXXXX";
    if (!mkdtemp(pattern)) throw std::runtime_error("No folder can be made in /tmp for an SMTP server.");
    folder_ = pattern;
    // Debian's own Python, which has Debian's aiosmtpd.
    std::vector<std::string> words = {"/usr/bin/python3", TAMITI_SOURCE_DIR "/tests/support/smtp_server.py",
                                      folder_ + "/mails"};
    if (!password.empty()) words.insert(words.end(), {"--password", password});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("No pipe can be made.");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    const int failed = posix_spawn(&process_, words[0].c_str(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    char letter = 0;
    while (failed == 0 && read(ends[0], &letter, 1) == 1 && letter != '\n') port_ += letter;
    close(ends[0]);
    if (port_.empty())
        throw std::runtime_error("smtp_server.py doesn't start; is python3-aiosmtpd installed?");
}

SmtpPeer::~SmtpPeer() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    std::error_code gone;
    std::filesystem::remove_all(folder_, gone);
}

std::vector<boost::json::object> SmtpPeer::mails() const {
    std::vector<boost::json::object> all;
    std::ifstream file(folder_ + "/mails");
    for (std::string line; std::getline(file, line);) all.push_back(boost::json::parse(line).as_object());
    return all;
}

}  // namespace tamiti::test
