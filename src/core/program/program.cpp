#include "core/program/program.hpp"
#include "core/program/pages.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>

#include "core/access/role_names.hpp"
#include "core/api/pipeline.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/cache/redis.hpp"
#include "core/db/migrations.hpp"
#include "core/http/server.hpp"
#include "core/jobs/metrics.hpp"
#include "core/jobs/supervisor.hpp"
#include "core/mail/smtp.hpp"
#include "core/model/schema.hpp"
#include "core/model/seen.hpp"
#include "core/program/health.hpp"
#include "core/program/processes.hpp"
#include "core/program/signals.hpp"
#include "core/telemetry/metrics.hpp"
#include "core/telemetry/sentry.hpp"

namespace tamiti {
namespace {

constexpr std::string_view unique_violation = "23505";  // SQLSTATE

http::ServerSettings web_settings(const Settings& settings) {
    http::ServerSettings web;
    web.address = settings.http_address;
    web.port = static_cast<unsigned short>(settings.http_port);
    web.threads = static_cast<unsigned>(settings.http_threads);
    web.head_timeout = std::chrono::seconds(settings.http_head_timeout);
    web.keep_alive = std::chrono::seconds(settings.http_keep_alive);
    web.max_body = static_cast<std::size_t>(settings.http_max_body);
    web.memory = static_cast<std::size_t>(settings.http_memory_mb) << 20;
    web.max_connections = static_cast<std::size_t>(settings.http_max_connections);
    web.max_connections_per_address = static_cast<std::size_t>(settings.http_max_connections_per_address);
    web.max_in_flight = static_cast<std::size_t>(settings.http_max_in_flight);
    web.drain = std::chrono::seconds(settings.http_drain_seconds);
    for (std::string_view proxy : split(settings.trusted_proxies, ','))
        if (!trim(proxy).empty()) web.trusted_proxies.emplace_back(trim(proxy));
    return web;
}

http::ServerSettings operations_settings(const Settings& settings) {
    http::ServerSettings operations;
    operations.address = settings.http_address;
    operations.port =
        static_cast<unsigned short>(settings.ops_port > 0 ? settings.ops_port : settings.http_port + 1);
    operations.threads = 1;
    return operations;
}

void log_refusal(const http::Refusal& refusal) {
    telemetry::count_refusal(refusal.code, refusal.status);
    log::info("refused", {{"request", refusal.id},
                          {"method", refusal.method},
                          {"status", refusal.status},
                          {"address", refusal.client_address},
                          {"code", refusal.code}});
}

db::Connection owner_connection(const Settings& settings) {
    const std::string& url =
        settings.database_owner_url.empty() ? settings.database_url : settings.database_owner_url;
    return db::Connection({.url = url, .statement_timeout_ms = 0, .application_name = "tamiti-migrate"});
}

// What the program's role is called, so that migrations can grant it what it needs; the owner itself needs no
// grant.
std::string program_role(const Settings& settings) {
    if (settings.database_owner_url.empty()) return {};
    db::Connection connection({.url = settings.database_url});
    return std::string(connection.run("SELECT current_user")[0].text(0));
}

// The names of missing migrations; nothing where the database can't be asked just now.
std::vector<std::string> missing_migrations(Program& program) {
    try {
        db::Connection connection({.url = program.settings.database_url});
        return db::pending(connection, db::embedded_migrations(), program.registry.app_names());
    } catch (const db::Error& error) {
        log::warning("database_away", {{"error", error.what()}});
        return {};
    }
}

// Every connection is an open file, and the usual soft limit of 1,024 is for programs of another kind.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log::warning("file_limit", {{"soft", static_cast<std::int64_t>(limit.rlim_cur)}});
}

}  // namespace

Program::Program(Settings given) : settings(std::move(given)), registry(installed_apps()) {
    roles_named(settings.second_factor_roles, "TAMITI_SECOND_FACTOR_ROLES");  // a typo would protect nobody
    auto site = default_site(settings);
    registry.install(*site);
    sites.add(std::move(site));
}

bool has_all_migrations(Program& program) {
    const auto missing = missing_migrations(program);
    if (missing.empty()) return true;
    std::fprintf(stderr, "The database lacks %zu migrations (%s first). Run: tamiti migrate\n",
                 missing.size(), missing.front().c_str());
    return false;
}

int serve(Program& program, bool with_work) {
    log::start(program.settings.log_level);
    const Signals signals;
    raise_file_limit();

    if (!has_all_migrations(program)) return 1;
    if (!program.settings.sentry_dsn.empty())
        telemetry::start(program.settings.sentry_dsn, "tamiti", program.settings.env);
    const api::Pipeline pipeline(program.settings, program.sites, served(program.settings, program.registry));
    // Writing the document of the API took tens of megabytes that nobody needs again.
    malloc_trim(0);
    http::Server web(web_settings(program.settings),
                     [&](const http::Request& request) { return pipeline.serve(request); }, log_refusal,
                     {.takes_file = [&](const http::Request& head) { return pipeline.takes_file(head); },
                      .look = [&](const http::Request& head) { return pipeline.screen(head); }});
    http::Server operations(operations_settings(program.settings), [&](const http::Request& request) {
        if (request.path == "/metrics") jobs::measure(*program.sites.first().pool);
        return http::operations_page(request, *program.sites.first().pool);
    });
    operations.start();
    web.start();
    std::unique_ptr<jobs::Supervisor> worker;
    if (with_work) {
        worker = jobs::supervised_worker(program.settings, true);
        worker->start();
    }
    const auto say = [&](const char* event) {
        log::info(event,
                  {{"address", program.settings.http_address}, {"port", static_cast<int>(web.port())}});
    };
    say("listening");
    const int signal = signals.wait_and_tell([&] { return http::is_ready(*program.sites.first().pool); },
                                             [&] { say("ready"); });
    log::info("stopping", {{"signal", signal}});
    if (worker) worker->ask_to_stop();
    web.stop();
    operations.stop();
    if (worker) worker->wait(std::chrono::seconds(program.settings.worker_grace_seconds + 5));
    log::info("stopped");
    telemetry::stop();
    log::flush();
    return 0;
}

int migrate(Program& program) {
    auto connection = owner_connection(program.settings);
    const auto report = db::migrate(
        connection, db::embedded_migrations(), program.registry.app_names(), program_role(program.settings),
        [](const std::string& name) { std::printf("applying %s\n", name.c_str()); },
        guarded_columns(program.registry.catalogue()));
    std::printf(report.applied.empty() ? "The database is up to date.\n" : "%zu migrations applied.\n",
                report.applied.size());
    return 0;
}

int seed_basics(Program& program) {
    transact(program.sites.first(), Actor::system(), [&](Tx& tx) {
        for (const App& app : program.registry.apps())
            if (app.seed_basics) app.seed_basics(tx);
    });
    std::printf("What a studio begins with is there.\n");
    return 0;
}

int seed_demo(Program& program) {
    if (!program.settings.is_development()) {
        std::fprintf(stderr,
                     "The demo studio is for development only: its passwords are public. TAMITI_ENV is %s.\n",
                     program.settings.env.c_str());
        return 1;
    }
    try {
        transact(program.sites.first(), Actor::system(), [&](Tx& tx) {
            for (const App& app : program.registry.apps())
                if (app.seed) app.seed(tx);
        });
    } catch (const db::Error& error) {
        if (error.sqlstate != unique_violation) throw;
        std::fprintf(
            stderr,
            "The demo studio was not added and nothing was changed: rows of your own have names that "
            "it needs (%s in %s).\n",
            error.constraint.c_str(), error.table.c_str());
        return 1;
    }
    std::printf("The demo studio is there.\n");
    return 0;
}

int check_schema(Program& program, bool draft) {
    db::Connection connection({.url = program.settings.database_url});
    const SchemaReport report = compare_schema(connection, program.registry.catalogue());
    for (const auto& fault : report.faults) std::printf("%s\n", fault.c_str());
    if (draft) std::fputs(report.draft.c_str(), stdout);
    if (report.faults.empty()) std::printf("Every model agrees with its table.\n");
    return report.faults.empty() ? 0 : 1;
}

int check_deployment(const Program& program) {
    const auto faults = deployment_faults(program.settings);
    for (const auto& fault : faults) std::printf("%s\n", fault.c_str());
    for (const auto& warning : deployment_warnings(program.settings))
        std::printf("Warning: %s\n", warning.c_str());
    if (faults.empty()) std::printf("The settings are fit for production.\n");
    return faults.empty() ? 0 : 1;
}

int doctor(Program& program) {
    int faults = 0;
    const auto say = [&](bool good, const std::string& what) {
        std::printf("%s %s\n", good ? "ok  " : "bad ", what.c_str());
        if (!good) ++faults;
    };
    try {
        db::Connection connection({.url = program.settings.database_url});
        const auto version = connection.run("SHOW server_version_num")[0].integer(0);
        say(version >= 150000,
            "PostgreSQL answers, version " + std::to_string(version / 10000) + " (15 or newer is needed)");
        const auto missing = db::pending(connection, db::embedded_migrations(), program.registry.app_names());
        say(missing.empty(), missing.empty() ? "All migrations are applied."
                                             : std::to_string(missing.size()) +
                                                   " migrations are missing. Run: tamiti migrate");
        const bool superuser =
            connection.run("SELECT usesuper FROM pg_user WHERE usename = current_user")[0].boolean(0);
        say(!superuser, superuser ? "The program signs in as a superuser. Give it a lesser role."
                                  : "The program's database role is no superuser.");
    } catch (const db::Error& error) {
        say(false, std::string("PostgreSQL does not answer (DATABASE_URL): ") + error.what());
    }
    Site& site = program.sites.first();
    if (!program.settings.redis_url.empty()) {
        const bool answers = site.memory.get<Redis>(site).command({"PING"}).has_value();
        say(answers,
            answers ? "Redis answers."
                    : "Redis does not answer (REDIS_URL): limits are counted by each process for itself.");
    }
    if (program.settings.mail_url.starts_with("smtp")) {
        const auto fault = mail::smtp_fault({.url = program.settings.mail_url});
        say(!fault, fault ? "The mail server can't be used (TAMITI_MAIL_URL): " + *fault
                          : "The mail server answers.");
    }
    for (const auto& fault :
         program.settings.is_development() ? std::vector<std::string>{} : deployment_faults(program.settings))
        say(false, fault);
    return faults == 0 ? 0 : 1;
}

}  // namespace tamiti
