#include "core/base/settings.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <variant>

#include "core/base/environment.hpp"
#include "core/base/money.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"

namespace tamiti {
namespace {

/// A whole number and what it may be.
struct Number {
    int Settings::*member;
    int least;
    int most;
};

/// A text; `wanted` says what would be right where `accepts` refuses it.
struct Text {
    std::string Settings::*member;
    bool (*accepts)(std::string_view) = nullptr;
    std::string_view wanted{};
};

struct Row {
    std::string_view name;
    std::variant<Number, Text> value;
    std::string_view help;
    bool secret = false;
};

bool is_list_of_origins(std::string_view text) {
    for (const auto part : split(text, ',')) {
        const std::string url = normalise_url(part);
        const bool has_path = url.empty() || url.find_first_of("/?#", url.find("//") + 2) != url.npos;
        if (has_path && trim(part) != "*") return false;
    }
    return true;
}

bool is_origin(std::string_view text) {
    return text != "*" && text.find(',') == text.npos && is_list_of_origins(text);
}
bool is_env(std::string_view text) {
    return text == "dev" || text == "prod";
}
bool is_registration(std::string_view text) {
    return text == "open" || text == "invite" || text == "closed";
}
bool is_log_level(std::string_view text) {
    return text == "debug" || text == "info" || text == "warning" || text == "error";
}
bool is_secret_key(std::string_view text) {
    return text.size() >= 32;
}
bool is_currency(std::string_view text) {
    return currency_digits(text).has_value();
}
bool is_calling_code(std::string_view text) {
    return text.size() <= 3 && text.find_first_not_of("0123456789") == text.npos && text.front() != '0';
}
bool is_colour(std::string_view text) {
    return text.size() == 7 && text[0] == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == text.npos;
}
bool is_web_address(std::string_view text) {
    return !normalise_url(text).empty();
}
bool is_list_of_words(std::string_view text) {
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz, ") == text.npos;
}
bool is_mail_url(std::string_view text) {
    return text.starts_with("smtp://") || text.starts_with("smtps://") || text.starts_with("file:///");
}
bool is_sender(std::string_view text) {
    const auto open = text.find('<');
    if (text.find_first_of("\r\n") != text.npos) return false;
    if (open == text.npos) return !normalise_email(text).empty();
    return text.ends_with('>') && !normalise_email(text.substr(open + 1, text.size() - open - 2)).empty();
}
bool is_dsn(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("http://")) && text.find('@') != text.npos;
}

/// Every setting, in the order of the documentation.
using S = Settings;
constexpr Row rows[] = {
    {"TAMITI_ENV", Text{&S::env, is_env, "dev or prod"}, "Where the program runs: dev or prod."},
    {"DATABASE_URL", Text{&S::database_url}, "PostgreSQL database of the program's own, lesser role.", true},
    {"DATABASE_OWNER_URL", Text{&S::database_owner_url},
     "The same database as the role that owns the tables, for migrations; DATABASE_URL when empty.", true},
    {"REDIS_URL", Text{&S::redis_url}, "Redis, for what may be lost: caches and counters of attempts.", true},
    {"TAMITI_HTTP_ADDRESS", Text{&S::http_address}, "Address to listen on."},
    {"TAMITI_HTTP_PORT", Number{&S::http_port, 1, 65535}, "Port of the API."},
    {"TAMITI_OPS_PORT", Number{&S::ops_port, 0, 65535},
     "Port of health and metrics; 0 means the API's port plus one."},
    {"TAMITI_HTTP_THREADS", Number{&S::http_threads, 0, 1024}, "Threads that serve; 0 means four per core."},
    {"TAMITI_HTTP_MAX_BODY", Number{&S::http_max_body, 1024, 1 << 30},
     "Bytes that the body of a request may have."},
    {"TAMITI_HTTP_MEMORY_MB", Number{&S::http_memory_mb, 8, 65'536},
     "Megabytes that slow senders and readers may make the program hold together."},
    {"TAMITI_HTTP_MAX_CONNECTIONS", Number{&S::http_max_connections, 1, 1'000'000},
     "Connections open at once."},
    {"TAMITI_HTTP_MAX_CONNECTIONS_PER_ADDRESS", Number{&S::http_max_connections_per_address, 0, 1'000'000},
     "Connections from one address; a trusted proxy isn't capped. 0 means no cap."},
    {"TAMITI_HTTP_MAX_IN_FLIGHT", Number{&S::http_max_in_flight, 0, 100'000},
     "Requests served at once; 0 means as many as threads."},
    {"TAMITI_HTTP_HEAD_TIMEOUT", Number{&S::http_head_timeout, 1, 300},
     "Seconds for the head of a request to arrive."},
    {"TAMITI_HTTP_KEEP_ALIVE", Number{&S::http_keep_alive, 1, 3600},
     "Seconds that an idle connection stays open."},
    {"TAMITI_HTTP_DRAIN_SECONDS", Number{&S::http_drain_seconds, 0, 3600},
     "Seconds that requests in flight get to finish when the program stops."},
    {"TAMITI_DATABASE_POOL", Number{&S::database_pool, 0, 1000},
     "Database connections; 0 means as many as threads."},
    {"TAMITI_DATABASE_ACQUIRE_MS", Number{&S::database_acquire_ms, 1, 60'000},
     "Milliseconds to wait for a free connection before a request is answered 503."},
    {"TAMITI_DATABASE_STATEMENT_MS", Number{&S::database_statement_ms, 1, 600'000},
     "Milliseconds after which the database gives up on a statement of a change."},
    {"TAMITI_DATABASE_READ_MS", Number{&S::database_read_ms, 1, 600'000},
     "The same of a request that only reads, no longer than that of a change."},
    {"TAMITI_TRUSTED_PROXIES", Text{&S::trusted_proxies},
     "Addresses or networks of proxies whose X-Forwarded headers count, separated by commas."},
    {"TAMITI_CORS_ORIGINS",
     Text{&S::cors_origins, is_list_of_origins, "origins such as https://studio.example"},
     "Origins whose pages may call the API, separated by commas."},
    {"TAMITI_ALLOWED_HOSTS", Text{&S::allowed_hosts},
     "Host names that the program answers to, separated by commas; in dev localhost and 127.0.0.1."},
    {"TAMITI_ORIGIN", Text{&S::origin, is_origin, "an origin such as https://studio.example"},
     "Start of the links in mails, such as https://studio.example."},
    {"TAMITI_STATE_DIR", Text{&S::state_dir}, "Folder for what a development machine keeps."},
    {"TAMITI_STATIC_DIR", Text{&S::static_dir},
     "Folder of the files that the console and the API reference are made of."},
    {"TAMITI_SECRET_KEY", Text{&S::secret_key, is_secret_key, "at least 32 bytes"},
     "Key that signs tokens, at least 32 bytes; in dev made once and kept in the state folder.", true},
    {"TAMITI_PREVIOUS_SECRET_KEY", Text{&S::previous_secret_key, is_secret_key, "at least 32 bytes"},
     "The secret key before the present one; what it signed holds until it expires.", true},
    {"SENTRY_DSN", Text{&S::sentry_dsn, is_dsn, "an address such as https://key@host/project"},
     "Where errors are reported; nowhere when empty.", true},
    {"TAMITI_LOG_LEVEL", Text{&S::log_level, is_log_level, "debug, info, warning or error"},
     "Least level that is logged: debug, info, warning or error."},
    {"TAMITI_SITE_NAME", Text{&S::site_name}, "Name of the studio."},
    {"TAMITI_SITE_CURRENCY", Text{&S::site_currency, is_currency, "an ISO 4217 code such as UGX"},
     "Currency of amounts that name none."},
    {"TAMITI_SITE_TIME_ZONE",
     Text{&S::site_time_zone, is_time_zone, "an IANA time zone such as Africa/Kampala"},
     "Time zone of people who have chosen none."},
    {"TAMITI_SITE_CALLING_CODE",
     Text{&S::site_calling_code, is_calling_code, "one to three digits such as 256"},
     "Calling code of telephone numbers that start with 0."},
    {"TAMITI_SITE_COLOUR", Text{&S::site_colour, is_colour, "a colour such as #1f6f5c"},
     "Colour of the buttons in mails."},
    {"TAMITI_SITE_LOGO",
     Text{&S::site_logo, is_web_address, "an address such as https://studio.example/logo.png"},
     "Address of the logo in mails."},
    {"TAMITI_REGISTRATION", Text{&S::registration, is_registration, "open, invite or closed"},
     "Who may register until the studio says otherwise: everybody (open), invited people (invite) or nobody "
     "(closed)."},
    {"TAMITI_REGISTRATION_DOMAINS", Text{&S::registration_domains},
     "Domains whose mail addresses may register until the studio says otherwise, separated by commas; any "
     "when empty."},
    {"TAMITI_SECOND_FACTOR_ROLES",
     Text{&S::second_factor_roles, is_list_of_words, "roles such as admin,finance"},
     "Roles that must sign in with a second factor, separated by commas."},
    {"TAMITI_ACCESS_TOKEN_SECONDS", Number{&S::access_token_seconds, 60, 86'400},
     "Seconds that an access token lives."},
    {"TAMITI_REFRESH_IDLE_DAYS", Number{&S::refresh_idle_days, 1, 365},
     "Days after which an unused sign-in ends."},
    {"TAMITI_REFRESH_DAYS", Number{&S::refresh_days, 1, 3650}, "Days after which any sign-in ends."},
    {"TAMITI_MAIL_URL",
     Text{&S::mail_url, is_mail_url,
          "an address such as smtps://user:password@mail.example:465 or file:///var/mail"},
     "Server that takes mails, or a folder that catches them; in dev, where empty, /dev/mail shows them.",
     true},
    {"TAMITI_MAIL_FROM", Text{&S::mail_from, is_sender, "a sender such as Studio <studio@studio.example>"},
     "Sender of mails."},
    {"TAMITI_WORKER_THREADS", Number{&S::worker_threads, 0, 1024},
     "Jobs run at once by one worker; 0 means two per core."},
    {"TAMITI_WORKER_MEMORY_MB", Number{&S::worker_memory_mb, 64, 1'000'000},
     "Megabytes that a worker may use."},
    {"TAMITI_WORKER_GRACE_SECONDS", Number{&S::worker_grace_seconds, 0, 3600},
     "Seconds that running jobs get to finish when a worker stops."},
    {"TAMITI_RATE_ANONYMOUS", Number{&S::rate_anonymous, 1, 100'000'000},
     "Requests a minute from one address that isn't signed in."},
    {"TAMITI_VOLUME_MB", Number{&S::volume_mb, 1, 1'000'000},
     "Megabytes that one person may write in an hour."},
    {"TAMITI_VOLUME_CLIENT_MB", Number{&S::volume_client_mb, 1, 1'000'000}, "The same of a client."},
    {"TAMITI_RATE_USER", Number{&S::rate_user, 1, 100'000'000}, "Requests a minute of one person."},
    {"TAMITI_RATE_TOKEN", Number{&S::rate_token, 1, 100'000'000},
     "Requests a minute of one personal access token."},
    {"TAMITI_RATE_BURST", Number{&S::rate_burst, 1, 100'000'000},
     "Requests a second of one person or address."},
    {"TAMITI_TRASH_DAYS", Number{&S::trash_days, 1, 3650}, "Days that deleted rows stay in the trash."},
    {"TAMITI_IDEMPOTENCY_DAYS", Number{&S::idempotency_days, 1, 365},
     "Days that the answer to an Idempotency-Key is kept."},
    {"TAMITI_EXPORT_ROWS", Number{&S::export_rows, 1, 100'000'000}, "Most rows that one export has."},
};

const Row* find_row(std::string_view name) {
    const auto found =
        std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.name == name; });
    return found == std::end(rows) ? nullptr : found;
}

/// A secret's value never appears in a message.
[[noreturn]] void refuse(const Row& row, std::string_view value, const std::string& wanted) {
    const std::string given = row.secret ? "" : ", not \"" + std::string(value) + "\"";
    throw std::invalid_argument(std::string(row.name) + " must be " + wanted + given + ".");
}

void assign(Settings& settings, const Row& row, const std::string& value) {
    if (const auto* text = std::get_if<Text>(&row.value)) {
        if (text->accepts != nullptr && !text->accepts(value)) refuse(row, value, std::string(text->wanted));
        settings.*text->member = value;
        return;
    }
    const auto& number = std::get<Number>(row.value);
    int parsed = 0;
    const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    const bool whole = status == std::errc{} && end == value.data() + value.size();
    if (!whole || parsed < number.least || parsed > number.most) {
        refuse(row, value,
               "a whole number from " + std::to_string(number.least) + " to " + std::to_string(number.most));
    }
    settings.*number.member = parsed;
}

/// Names that tools around the program use.
bool is_foreign(std::string_view name) {
    return name.starts_with("TAMITI_TEST_") || name == "TAMITI_BIN" || name == "TAMITI_SUPERUSER_PASSWORD" ||
           name == "TAMITI_NEW_PASSWORD" || name == "TAMITI_CONSOLE_PORT";
}

void refuse_unknown_names(const std::map<std::string, std::string>& environment) {
    for (const auto& [name, value] : environment) {
        if (!name.starts_with("TAMITI_") || is_foreign(name) || find_row(name) != nullptr) continue;
        if (name.ends_with("_FILE") && find_row(name.substr(0, name.size() - 5)) != nullptr) continue;
        std::vector<std::string> names;
        for (const auto& row : rows) names.emplace_back(row.name);
        const std::string near = closest(name, names);
        throw std::invalid_argument("There is no setting " + name +
                                    (near.empty() ? "." : "; did you mean " + near + "?"));
    }
}

std::string default_of(const Row& row) {
    const Settings defaults;
    if (const auto* text = std::get_if<Text>(&row.value)) return defaults.*text->member;
    return std::to_string(defaults.*std::get<Number>(row.value).member);
}

}  // namespace

const std::vector<SettingDescription>& setting_descriptions() {
    static const std::vector<SettingDescription> descriptions = [] {
        std::vector<SettingDescription> out;
        for (const auto& row : rows) {
            out.push_back({std::string(row.name), std::string(row.help), default_of(row), row.secret});
        }
        return out;
    }();
    return descriptions;
}

Settings read_settings(const std::map<std::string, std::string>& environment) {
    refuse_unknown_names(environment);
    Settings settings;
    for (const auto& row : rows) {
        const std::string value = environment_value(environment, std::string(row.name));
        if (!value.empty()) assign(settings, row, value);
    }
    if (settings.is_development() && settings.allowed_hosts.empty())
        settings.allowed_hosts = "localhost,127.0.0.1";
    if (settings.ops_port == 0 && settings.http_port == 65535) {
        throw std::invalid_argument("TAMITI_OPS_PORT must be set where TAMITI_HTTP_PORT is 65535.");
    }
    if (settings.ops_port == settings.http_port) {
        throw std::invalid_argument("TAMITI_OPS_PORT must differ from TAMITI_HTTP_PORT.");
    }
    if (settings.refresh_idle_days > settings.refresh_days) {
        throw std::invalid_argument("TAMITI_REFRESH_IDLE_DAYS must not exceed TAMITI_REFRESH_DAYS.");
    }
    return settings;
}

Settings read_settings() {
    return read_settings(process_environment(".env"));
}

}  // namespace tamiti
