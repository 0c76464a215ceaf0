#pragma once

#include <string>

#include "core/db/connection.hpp"

namespace tamiti::test {

/// A database of a suite's own on the private cluster that `./dev test` starts, dropped when the object goes.
/// Throws std::runtime_error with a sentence where there is no such cluster: the tests never touch another
/// database.
///
/// The cluster is named by TAMITI_TEST_DATABASE_URL (a role that may create databases and owns the tables)
/// and TAMITI_TEST_APP_ROLE (the lesser role that the program uses).
class TestDatabase {
public:
    enum class Kind {
        migrated,  ///< all migrations of the installed apps; a copy of a template that the first to need it
                   ///< makes
        empty,
    };
    explicit TestDatabase(Kind kind = Kind::migrated);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    const std::string& name() const { return name_; }
    const std::string& app_role() const { return app_role_; }
    const std::string& owner_url() const { return owner_url_; }
    const std::string& app_url() const { return app_url_; }

    db::ConnectionSettings as_owner() const { return {.url = owner_url_}; }
    db::ConnectionSettings as_app() const { return {.url = app_url_}; }

private:
    std::string cluster_url_;
    std::string app_role_;
    std::string name_;
    std::string owner_url_;
    std::string app_url_;
};

}  // namespace tamiti::test
