#include "tests/support/database.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>

#include <libpq-fe.h>

#include "core/base/text.hpp"
#include "core/base/uuid.hpp"
#include "core/db/error.hpp"
#include "core/db/migration_text.hpp"
#include "core/db/migrations.hpp"
#include "core/model/seen.hpp"
#include "core/program/registry.hpp"

namespace tamiti::test {
namespace {

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        throw std::runtime_error(std::string(name) +
                                 " is not set: start the tests with ./dev test, which starts a private" +
                                 " PostgreSQL and tells them where it is.");
    }
    return value;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-';
        out += plain ? std::string(1, c) : "%" + hex({&c, 1});
    }
    return out;
}

// The same server, another database and perhaps another role.
std::string url_with(const std::string& url, const std::string& database, const std::string& role = {}) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    if (parts == nullptr)
        throw std::runtime_error("TAMITI_TEST_DATABASE_URL is not the address of a PostgreSQL server.");
    std::map<std::string, std::string> options;
    for (const auto* part = parts.get(); part->keyword != nullptr; ++part) {
        if (part->val != nullptr) options[part->keyword] = part->val;
    }
    options.erase("dbname");
    if (!role.empty()) {
        options["user"] = role;
        options.erase("password");
    }
    std::string made = "postgresql:///" + percent_encoded(database);
    char separator = '?';
    for (const auto& [name, value] : options) {
        made.append(1, separator).append(name).append("=").append(percent_encoded(value));
        separator = '&';
    }
    return made;
}

bool exists(db::Connection& cluster, const std::string& database) {
    return !cluster.run("SELECT FROM pg_database WHERE datname = $1", db::Params::of(database)).empty();
}

// The name of a database with all migrations, made by the first test program that needs it: it is named after
// what the migrations say, and gets its name when it is complete.
std::string migrated_template(const std::string& cluster_url, const std::string& app_role) {
    const Registry registry(installed_apps());
    const std::vector<std::string> apps = registry.app_names();
    const std::string guarded = guarded_columns(registry.catalogue());
    std::string everything = app_role + join(apps, ",") + guarded;
    for (const auto& migration : db::embedded_migrations())
        everything += migration.app + migration.name + migration.sql;
    const std::string name = "tamiti_template_" + db::checksum_of(everything).substr(0, 16);

    db::Connection cluster({.url = cluster_url, .statement_timeout_ms = 0, .lock_timeout_ms = 120000});
    cluster.run(
        "SELECT pg_advisory_lock(hashtext('tamiti'), hashtext('template'))");  // until this session ends
    if (exists(cluster, name)) return name;
    const std::string unfinished = name + "_unfinished";
    cluster.run_script("DROP DATABASE IF EXISTS " + unfinished);
    cluster.run_script("CREATE DATABASE " + unfinished);
    {
        db::Connection owner({.url = url_with(cluster_url, unfinished)});
        db::migrate(owner, db::embedded_migrations(), apps, app_role, {}, guarded);
    }
    cluster.run_script("ALTER DATABASE " + unfinished + " RENAME TO " + name);
    return name;
}

}  // namespace

TestDatabase::TestDatabase(Kind kind)
    : cluster_url_(setting("TAMITI_TEST_DATABASE_URL")),
      app_role_(setting("TAMITI_TEST_APP_ROLE")),
      name_("tamiti_test_" + Uuid::make().text()),
      owner_url_(url_with(cluster_url_, name_)),
      app_url_(url_with(cluster_url_, name_, app_role_)) {
    const auto source = kind == Kind::migrated ? migrated_template(cluster_url_, app_role_) : "template1";
    db::Connection cluster({.url = cluster_url_, .statement_timeout_ms = 60000});
    cluster.run_script("CREATE DATABASE \"" + name_ + "\" TEMPLATE " + source);
}

TestDatabase::~TestDatabase() {
    try {
        // Without FORCE: PostgreSQL waits up to five seconds for sessions that are just ending; one that is
        // still there then was forgotten by the test.
        db::Connection cluster({.url = cluster_url_, .statement_timeout_ms = 60000});
        cluster.run_script("DROP DATABASE IF EXISTS \"" + name_ + "\"");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "The test database %s stays behind: %s\n", name_.c_str(), error.what());
    }
}

}  // namespace tamiti::test
