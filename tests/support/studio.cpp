#include "tests/support/studio.hpp"

#include <algorithm>

#include "apps/auth/service.hpp"
#include "apps/users/models.hpp"

namespace tamiti::test {
namespace {

struct Person {
    std::string id;
    std::string token;
};
std::map<std::string, Person> people;

void open_apps(std::vector<App> apps, const std::vector<db::Migration>& migrations) {
    people.clear();
    Studio::open(
        std::move(apps), [](const std::string& who) { return "Bearer " + Studio::token(who); }, migrations);
}

}  // namespace

void Studio::SetUpTestSuite() {
    open_with({}, {});
}

void Studio::open_with(const std::vector<App>& more, const std::vector<db::Migration>& migrations) {
    std::vector<App> apps = installed_apps();
    apps.insert(apps.end(), more.begin(), more.end());
    open_apps(std::move(apps), migrations);
}

void Studio::open_where(const std::vector<std::string>& permissions, RoleSet roles) {
    std::vector<App> apps = installed_apps();
    for (App& app : apps)
        for (Permission& permission : app.permissions)
            if (std::ranges::find(permissions, permission.code) != permissions.end())
                permission.roles = roles;
    open_apps(std::move(apps), {});
}

void Studio::TearDownTestSuite() {
    close();
}

std::string Studio::user(const std::string& name, const std::vector<Role>& roles) {
    if (const auto known = people.find(name); known != people.end()) return known->second.id;
    users::User made;
    made.username = name;
    made.email = {name + "@studio.test"};
    made.first_name = name;
    made.last_name = "Test";
    made.roles = roles;
    made.is_verified = true;
    Person person;
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.insert(made);
        person.token = auth::open_session(tx, made.id, "test").access;
    });
    person.id = made.id.text();
    people[name] = person;
    return person.id;
}

void Studio::sign_in_again(const std::string& name) {
    Person& person = people.at(name);
    transact(site(), Actor::system(), [&](Tx& tx) {
        person.token = auth::open_session(tx, Id<users::User>{Uuid::parse(person.id).value()}, "test").access;
    });
}

std::string Studio::token(const std::string& who) {
    user(who);
    return people.at(who).token;
}

SchemaReport Studio::schema_after(const std::string& script) {
    TestDatabase database;
    db::Connection owner(database.as_owner());
    owner.run_script(script);
    return compare_schema(owner, registry().catalogue());
}

}  // namespace tamiti::test
