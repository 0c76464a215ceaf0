#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tamiti {

/// Everything that a deployment can set. One struct, described once in settings.cpp: name in the environment,
/// default, help.
struct Settings {
    std::string env = "dev";  ///< dev or prod
    std::string database_url{};
    std::string database_owner_url{};  ///< for migrations; database_url when empty
    std::string redis_url{};
    std::string http_address = "127.0.0.1";
    int http_port = 8000;
    int ops_port = 0;      ///< health and metrics; http_port + 1 when 0
    int http_threads = 0;  ///< 4 per core when 0
    int http_max_body = 1048576;
    int http_memory_mb = 64;  ///< that slow clients may make the program hold together
    int http_max_connections = 4000;
    int http_max_connections_per_address = 1000;
    int http_max_in_flight = 0;  ///< served and waiting; 32 per thread when 0
    int http_head_timeout = 10;
    int http_keep_alive = 60;
    int http_drain_seconds = 30;
    int database_pool = 0;  ///< as many as threads when 0
    int database_acquire_ms = 500;
    int database_statement_ms = 10000;
    int database_read_ms = 5000;
    std::string trusted_proxies{};  ///< addresses or networks, comma-separated
    std::string cors_origins{};     ///< exact origins, comma-separated
    std::string
        allowed_hosts{};   ///< host names without port, comma-separated; localhost and 127.0.0.1 in dev
    std::string origin{};  ///< of links in mails: https://studio.example
    std::string state_dir = ".local";
    std::string static_dir{};
    std::string secret_key{};           ///< at least 32 bytes; in dev made once and kept in state_dir
    std::string previous_secret_key{};  ///< still accepted while what it signed expires
    std::string sentry_dsn{};
    std::string log_level = "info";
    std::string site_name = "Tamiti Studio";
    std::string site_currency = "UGX";
    std::string site_time_zone = "Africa/Kampala";
    std::string site_calling_code = "256";
    std::string site_colour = "#1f6f5c";  ///< of buttons in mails
    std::string site_logo{};              ///< address of the logo in mails
    std::string registration = "open";    ///< open, invite or closed
    std::string registration_domains{};   ///< domains of mail addresses that may register, comma-separated
    std::string second_factor_roles{};    ///< roles that must have a second factor, comma-separated
    int access_token_seconds = 900;
    int refresh_idle_days = 7;
    int refresh_days = 30;
    std::string mail_url{};  ///< smtp://, smtps:// with user and password, or file:// folder; in dev files in
                             ///< state_dir
    std::string mail_from{};  ///< "Tamiti Studio <studio@studio.example>"
    int worker_threads = 0;   ///< jobs at once; 2 per core when 0
    int worker_memory_mb = 1024;
    int worker_grace_seconds = 10;
    int rate_anonymous = 300;   ///< requests a minute from one address without a sign-in
    int volume_mb = 500;        ///< megabytes that one person may write in an hour
    int volume_client_mb = 60;  ///< the same of a client
    int rate_user = 3000;       ///< requests a minute of one person
    int rate_token = 1200;      ///< requests a minute of one personal access token
    int rate_burst = 200;       ///< requests a second of one person or address
    int trash_days = 30;
    int idempotency_days = 7;
    int export_rows = 500'000;  ///< most rows of one export

    bool is_development() const { return env == "dev"; }
};

/// One row of the description: for help, docs and checks.
struct SettingDescription {
    std::string name;  ///< in the environment, "TAMITI_HTTP_PORT"
    std::string help;
    std::string default_value;
    bool secret = false;
};
const std::vector<SettingDescription>& setting_descriptions();

/// Reads the environment, then the file `.env` in the working directory for what the environment lacks;
/// NAME_FILE names a file that holds the value (Docker secrets). A value of the wrong form throws
/// std::invalid_argument with a sentence that names the setting and what would be right, as does an unknown
/// name that starts with TAMITI_.
Settings read_settings();

/// The same from a given environment; for tests.
Settings read_settings(const std::map<std::string, std::string>& environment);

/// What is unsafe in production, as sentences; empty when nothing is.
std::vector<std::string> deployment_faults(const Settings& settings);

/// What somebody should know who deploys, though it may be meant so.
std::vector<std::string> deployment_warnings(const Settings& settings);

}  // namespace tamiti
