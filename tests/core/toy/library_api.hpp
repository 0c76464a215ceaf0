#pragma once

#include <algorithm>

#include "core/engine/engine.hpp"
#include "core/model/member.hpp"
#include "tests/core/toy/library.hpp"
#include "tests/support/api.hpp"

namespace tamiti::test {

/// The engine and the toy library, over a database of the suite's own. Who is called like a role has it, the
/// boss is an admin, and everybody else is on the staff.
class LibraryApi : public Api {
public:
    static void SetUpTestSuite() { start({engine(), toy_library::app()}); }
    static void TearDownTestSuite() { close(); }

    static void start(std::vector<App> apps,
                      const std::vector<db::Migration>& migrations = toy_library::migrations()) {
        open(std::move(apps), sign_in, migrations);
    }

    /// The same name is the same person.
    static Uuid id_of(const std::string& name) {
        static std::map<std::string, Uuid> people;
        return people.try_emplace(name, Uuid::make()).first->second;
    }

private:
    static std::string sign_in(const std::string& name) {
        const std::vector<std::string> roles = enum_names<Role>();
        const bool is_role = std::ranges::find(roles, name) != roles.end();
        const std::string role = is_role ? name : name == "boss" ? "admin" : "staff";
        return "Toy " + id_of(name).text() + " " + role;
    }
};

}  // namespace tamiti::test
