#pragma once

#include "core/model/schema.hpp"
#include "tests/support/api.hpp"

namespace tamiti::test {

/// A studio of a suite's own with all installed apps. Users are made by name and are signed in.
class Studio : public Api {
public:
    static void SetUpTestSuite();
    static void TearDownTestSuite();

    /// Opens the studio with more apps than those that are installed, and their migrations.
    static void open_with(const std::vector<App>& more, const std::vector<db::Migration>& migrations);

    /// Opens the studio where holders of these roles alone have the permissions, whatever the apps declare.
    static void open_where(const std::vector<std::string>& permissions, RoleSet roles);

    /// Makes a user with these roles (staff unless said) once and answers the id; the same name is the same
    /// user.
    static std::string user(const std::string& name, const std::vector<Role>& roles = {Role::staff});

    /// Opens a new session for that person, after a test ended the one before.
    static void sign_in_again(const std::string& name);

    static std::string token(const std::string& who);

    /// How the tables of a database of its own differ from the descriptions once the script has run.
    static SchemaReport schema_after(const std::string& script);
};

}  // namespace tamiti::test
