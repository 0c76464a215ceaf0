#include "core/site/site.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

std::vector<std::string> host_names(const Settings& settings) {
    std::vector<std::string> hosts;
    for (std::string_view host : split(settings.allowed_hosts, ','))
        if (!trim(host).empty()) hosts.push_back(lower(trim(host)));
    if (settings.is_development())
        for (const char* host : {"localhost", "127.0.0.1", "[::1]"}) hosts.emplace_back(host);
    return hosts;
}

/// As much of a secret as a keyed hash takes, of which all of a longer one decides.
std::string hash_key_of(const std::string& secret) {
    if (secret.size() <= crypto_generichash_KEYBYTES_MAX) return secret;
    std::string hash(crypto_generichash_BYTES_MAX, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
    return hash;
}

std::string derive(const std::string& secret, std::string_view purpose) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    const std::string key = hash_key_of(secret);
    std::string derived(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(derived.data()), derived.size(),
                       reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
                       reinterpret_cast<const unsigned char*>(key.data()), key.size());
    return derived;
}

}  // namespace

std::string Site::key(std::string_view purpose) const {
    return derive(secret.empty() && development_secret ? development_secret->text() : secret, purpose);
}

std::string Site::previous_key(std::string_view purpose) const {
    return previous_secret.empty() ? std::string() : derive(previous_secret, purpose);
}

void Sites::add(std::shared_ptr<Site> site) {
    sites_.push_back(std::move(site));
}

Site* Sites::find(std::string_view host) const {
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos)
        host = host.substr(0, colon);
    const auto same = [&](const std::string& name) {
        return name.size() == host.size() && starts_with_ignoring_case(host, name);
    };
    for (const auto& site : sites_)
        if (std::any_of(site->hosts.begin(), site->hosts.end(), same)) return site.get();
    return nullptr;
}

std::shared_ptr<Site> default_site(const Settings& settings) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    auto site = std::make_shared<Site>();
    site->name = settings.site_name;
    site->hosts = host_names(settings);
    site->origin =
        settings.origin.empty() ? "http://127.0.0.1:" + std::to_string(settings.http_port) : settings.origin;
    site->currency = settings.site_currency;
    site->time_zone = settings.site_time_zone;
    site->calling_code = settings.site_calling_code;
    site->colour = settings.site_colour;
    site->logo = settings.site_logo;
    site->mail_from = settings.mail_from.empty() ? settings.site_name + " <studio@localhost.localdomain>"
                                                 : settings.mail_from;
    site->secret = settings.secret_key;
    site->previous_secret = settings.previous_secret_key;
    if (site->secret.empty()) {
        if (!settings.is_development())
            throw std::runtime_error("TAMITI_SECRET_KEY is not set: give at least 32 random characters.");
        site->development_secret = std::make_shared<const DevelopmentSecret>(settings.state_dir);
    }
    site->settings = &settings;
    site->clock = std::make_shared<Clock>();
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = settings.http_threads > 0 ? settings.http_threads : 4 * cores;
    const int size = settings.database_pool > 0 ? settings.database_pool : threads;
    site->pool = std::make_shared<db::Pool>(
        db::ConnectionSettings{
            .url = settings.database_url,
            .statement_timeout_ms = settings.database_statement_ms,
            .read_timeout_ms = std::min(settings.database_read_ms, settings.database_statement_ms)},
        size, std::chrono::milliseconds(settings.database_acquire_ms));
    return site;
}

}  // namespace tamiti
