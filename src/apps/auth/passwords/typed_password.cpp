#include "apps/auth/passwords/typed_password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace tamiti::auth {
namespace {

/// Hides what is typed while it lives.
class NoEcho {
public:
    NoEcho() {
        tcgetattr(STDIN_FILENO, &before_);
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~NoEcho() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios before_{};
};

std::string ask(const char* question) {
    std::fprintf(stderr, "%s: ", question);
    std::string typed;
    {
        const NoEcho hidden;
        std::getline(std::cin, typed);
    }
    std::fputc('\n', stderr);
    return typed;
}

}  // namespace

std::string typed_password(const std::map<std::string, std::string>& options, const char* variable) {
    if (const auto given = options.find("password"); given != options.end()) return given->second;
    if (const char* given = std::getenv(variable)) return given;
    if (!isatty(STDIN_FILENO)) return {};
    const std::string typed = ask("Password");
    if (typed == ask("Password again")) return typed;
    std::fputs("The two passwords differ.\n", stderr);
    return {};
}

}  // namespace tamiti::auth
