#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "apps/auth/service.hpp"
#include "apps/users/service.hpp"
#include "core/access/passwords.hpp"
#include "core/base/text.hpp"

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

/// The password from the option, the environment or the terminal, in that order; empty where there is none.
std::string password_of(const std::map<std::string, std::string>& options) {
    if (const auto given = options.find("password"); given != options.end()) return given->second;
    if (const char* given = std::getenv("TAMITI_SUPERUSER_PASSWORD")) return given;
    if (!isatty(STDIN_FILENO)) return {};
    const std::string typed = ask("Password");
    if (typed == ask("Password again")) return typed;
    std::fputs("The two passwords differ.\n", stderr);
    return {};
}

int refuse(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    return 1;
}

int run(Site& site, const std::map<std::string, std::string>& options) {
    users::User user;
    user.username = lower(options.at("username"));
    user.email.text = normalise_email(options.at("email"));
    user.time_zone.text = site.time_zone;
    user.roles = {Role::admin};
    user.is_verified = true;
    if (const std::string fault = users::username_fault(user.username); !fault.empty())
        return refuse("Username: " + fault);
    if (user.email.empty()) return refuse("Give an email address such as ada@studio.example.");
    const std::string password = password_of(options);
    if (password.empty())
        return refuse("Give a password: --password, TAMITI_SUPERUSER_PASSWORD, or type it on a terminal.");
    if (const std::string fault = password_fault(password, {user.username, user.email.text}); !fault.empty())
        return refuse("Password: " + fault);
    const std::string hash = hash_password(password);
    const bool was_made = transact(site, Actor::system(), [&](Tx& tx) {
        if (tx.exists("SELECT FROM users_user WHERE lower(username) = $1 OR lower(email) = $2", user.username,
                      lower(user.email.text)))
            return false;
        tx.insert(user);
        set_password(tx, user.id, hash);
        return true;
    });
    if (!was_made) return refuse("There is a user with this username or address already.");
    std::printf("Made the admin %s.\n", user.username.c_str());
    return 0;
}

}  // namespace

Command create_superuser() {
    return {.name = "createsuperuser",
            .help = "Make an admin",
            .options = {{.name = "username", .help = "what to sign in with", .required = true},
                        {.name = "email", .help = "the address", .required = true},
                        {.name = "password", .help = "else TAMITI_SUPERUSER_PASSWORD, else typed"}},
            .run = run};
}

}  // namespace tamiti::auth
