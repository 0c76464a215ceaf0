#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>

#include "core/base/settings.hpp"
#include "core/base/text.hpp"
#include "core/cache/redis_address.hpp"

namespace tamiti {
namespace {

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// What a database address says, in URL form or as key=value pairs; nothing where it can't be read.
class DatabaseAddress {
public:
    explicit DatabaseAddress(const std::string& address)
        : words_(PQconninfoParse(address.c_str(), nullptr), PQconninfoFree) {}

    std::string operator[](std::string_view keyword) const {
        for (const PQconninfoOption* word = words_.get(); word && word->keyword; ++word)
            if (keyword == word->keyword && word->val) return word->val;
        return {};
    }

    bool is_elsewhere() const {
        const std::string host = (*this)["host"];
        return !host.empty() && !host.starts_with('/') && !is_this_machine(host);
    }

private:
    std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> words_;
};

bool has_guessable_password(const std::string& address) {
    static const std::vector<std::string> usual = {"postgres", "password", "passwd",   "secret",    "admin",
                                                   "root",     "tamiti",   "changeme", "change-me", "test",
                                                   "1234",     "123456",   "12345678"};
    const DatabaseAddress words(address);
    const std::string password = words["password"];
    if (password.empty()) return false;  // a socket with peer authentication, or a password file
    return password == words["user"] || std::find(usual.begin(), usual.end(), lower(password)) != usual.end();
}

bool contains_part(std::string_view list, std::string_view wanted) {
    const auto parts = split(list, ',');
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return trim(part) == wanted; });
}

bool contains_start(std::string_view list, std::string_view start) {
    const auto parts = split(list, ',');
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return starts_with_ignoring_case(trim(part), start); });
}

/// Whether the text is some shorter one, said again and again.
bool repeats_itself(std::string_view text) {
    for (std::size_t period = 1; period <= text.size() / 2; ++period)
        if (text.substr(period) == text.substr(0, text.size() - period)) return true;
    return false;
}

/// How many bits its letters would tell if each were drawn as often as it is there (Shannon, 1948).
double entropy_of(std::string_view text) {
    std::map<char, double> times;
    for (const char letter : text) ++times[letter];
    double bits = 0;
    for (const auto& [letter, count] : times)
        bits -= count * std::log2(count / static_cast<double>(text.size()));
    return bits;
}

bool is_easy_to_guess(std::string_view key) {
    constexpr double least_bits = 100;  // 32 hexadecimal digits, drawn by chance, have about 116
    const std::string letters = lower(key);
    for (const std::string_view word :
         {"changeme", "change-me", "change_me", "password", "secret", "example"})
        if (letters.find(word) != letters.npos) return true;
    return repeats_itself(key) || entropy_of(key) < least_bits;
}

/// Whether one of the networks is wider than a provider's largest: together few of them are the whole world.
bool trusts_too_many(std::string_view networks) {
    for (const std::string_view network : split(networks, ',')) {
        const std::size_t slash = network.find('/');
        if (slash == network.npos) continue;
        const std::string_view digits = trim(network.substr(slash + 1));
        int bits = 128;
        std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (bits < 8) return true;
    }
    return false;
}

bool is_role_of_owner(const Settings& settings) {
    const std::string user = DatabaseAddress(settings.database_url)["user"];
    return user == "postgres" || user == "tamiti_owner" ||
           (!user.empty() && user == DatabaseAddress(settings.database_owner_url)["user"]);
}

bool needs_redis_password(const Settings& settings) {
    const auto address = parse_redis_url(settings.redis_url);
    return address && address->socket.empty() && !is_this_machine(address->host) && address->password.empty();
}

/// Whether the origin's host is one that the studio answers to.
bool is_allowed_origin(const Settings& settings) {
    std::string_view host = settings.origin;
    host.remove_prefix(std::min(host.size(), host.find("://") + 3));
    host = host.substr(0, host.find('/'));
    const std::size_t colon = host.rfind(':');
    if (colon != host.npos && host.find(']', colon) == host.npos) host = host.substr(0, colon);
    return contains_part(lower(settings.allowed_hosts), lower(host));
}

}  // namespace

std::vector<std::string> deployment_faults(const Settings& settings) {
    std::vector<std::string> faults;
    const auto check = [&](bool unsafe, const char* sentence) {
        if (unsafe) faults.emplace_back(sentence);
    };
    const std::string& key = settings.secret_key;
    check(settings.is_development(), "TAMITI_ENV is dev; set it to prod.");
    check(key.empty(), "TAMITI_SECRET_KEY is missing; `openssl rand -base64 48` makes one.");
    check(!key.empty() && key.size() < 32, "TAMITI_SECRET_KEY is shorter than 32 bytes.");
    check(key.size() >= 32 && is_easy_to_guess(key),
          "TAMITI_SECRET_KEY is easy to guess; make it of random bytes.");
    check(trim(settings.allowed_hosts).empty(),
          "TAMITI_ALLOWED_HOSTS is missing; name the hosts of the studio.");
    check(settings.allowed_hosts.find('*') != std::string::npos,
          "TAMITI_ALLOWED_HOSTS has a wildcard; name every host instead.");
    check(settings.origin.empty(), "TAMITI_ORIGIN is missing; links in mails start with it.");
    check(!settings.origin.empty() && !starts_with_ignoring_case(settings.origin, "https://"),
          "TAMITI_ORIGIN doesn't start with https://, so tokens would travel in the clear.");
    check(contains_part(settings.cors_origins, "*"),
          "TAMITI_CORS_ORIGINS is *, so any page could call the API.");
    check(contains_start(settings.cors_origins, "http://"),
          "TAMITI_CORS_ORIGINS names an origin without https.");
    check(!settings.origin.empty() && !trim(settings.allowed_hosts).empty() &&
              settings.allowed_hosts.find('*') == std::string::npos && !is_allowed_origin(settings),
          "TAMITI_ORIGIN has a host that TAMITI_ALLOWED_HOSTS doesn't name, so links in mails would lead to "
          "refusals.");
    check(trusts_too_many(settings.trusted_proxies),
          "TAMITI_TRUSTED_PROXIES has a network wider than /8, in which anybody could forge their address.");
    check(settings.database_url.empty(), "DATABASE_URL is missing.");
    check(is_role_of_owner(settings),
          "DATABASE_URL signs in as the owner of the tables; the program needs the lesser role that "
          "`tamiti migrate` gives its rights to.");
    const DatabaseAddress database(settings.database_url);
    check(
        database.is_elsewhere() && database["sslmode"] == "disable",
        "DATABASE_URL has sslmode=disable, and its host is another machine: what travels there can be read.");
    check(has_guessable_password(settings.database_url),
          "DATABASE_URL has a password that is easy to guess.");
    check(has_guessable_password(settings.database_owner_url),
          "DATABASE_OWNER_URL has a password that is easy to guess.");
    check(!settings.mail_url.starts_with("smtp"),
          "TAMITI_MAIL_URL names no smtp:// or smtps:// server; nobody could prove an address or reset a "
          "password.");
    check(settings.mail_from.empty(), "TAMITI_MAIL_FROM is missing; mails need a sender.");
    check(!settings.redis_url.empty() && !parse_redis_url(settings.redis_url),
          "REDIS_URL is not of a form that is known: redis://[user:password@]host[:port][/database] or "
          "unix:///path.");
    check(needs_redis_password(settings), "REDIS_URL names a Redis on another machine without a password.");
    check(settings.log_level == "debug",
          "TAMITI_LOG_LEVEL is debug, which logs more than production should keep.");
    return faults;
}

std::vector<std::string> deployment_warnings(const Settings& settings) {
    std::vector<std::string> warnings;
    if (settings.redis_url.empty())
        warnings.emplace_back("REDIS_URL is empty: each process counts limits for itself.");
    if (settings.registration == "open")
        warnings.emplace_back(
            "TAMITI_REGISTRATION is open: anybody can make themselves an account, until somebody changes "
            "that "
            "in the settings.");
    return warnings;
}

}  // namespace tamiti
