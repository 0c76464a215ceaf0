#include <algorithm>

#include "core/base/settings.hpp"
#include "core/base/text.hpp"
#include "core/cache/redis_address.hpp"

namespace tamiti {
namespace {

/// User and password of a database address, in URL form or as key=value pairs.
struct Credentials {
    std::string user{};
    std::string password{};
};

Credentials credentials_of(std::string_view address) {
    Credentials found;
    if (const std::size_t scheme = address.find("://"); scheme != address.npos) {
        const std::string_view rest = address.substr(scheme + 3);
        const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
        const std::size_t at = authority.rfind('@');
        if (at == authority.npos) return found;
        const std::string_view user_info = authority.substr(0, at);
        const std::size_t colon = user_info.find(':');
        found.user = user_info.substr(0, colon);
        if (colon != user_info.npos) found.password = user_info.substr(colon + 1);
        return found;
    }
    for (const auto pair : split(address, ' ')) {
        if (pair.starts_with("user=")) found.user = pair.substr(5);
        if (pair.starts_with("password=")) found.password = pair.substr(9);
    }
    return found;
}

bool has_guessable_password(std::string_view address) {
    static const std::vector<std::string> usual = {"postgres", "password", "passwd",   "secret",    "admin",
                                                   "root",     "tamiti",   "changeme", "change-me", "test",
                                                   "1234",     "123456",   "12345678"};
    const Credentials found = credentials_of(address);
    if (found.password.empty()) return false;  // a socket with peer authentication, or a password file
    return found.password == found.user ||
           std::find(usual.begin(), usual.end(), lower(found.password)) != usual.end();
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

bool has_little_variety(std::string_view key) {
    std::string letters(key);
    std::sort(letters.begin(), letters.end());
    return std::unique(letters.begin(), letters.end()) - letters.begin() < 8;
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
    check(key.size() >= 32 && has_little_variety(key),
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
    check(contains_part(settings.trusted_proxies, "0.0.0.0/0") ||
              contains_part(settings.trusted_proxies, "::/0"),
          "TAMITI_TRUSTED_PROXIES trusts every address, so anybody could forge theirs.");
    check(settings.database_url.empty(), "DATABASE_URL is missing.");
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
    check(settings.log_level == "debug",
          "TAMITI_LOG_LEVEL is debug, which logs more than production should keep.");
    return faults;
}

}  // namespace tamiti
