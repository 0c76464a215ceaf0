#include "core/access/scope.hpp"

#include <gtest/gtest.h>

#include "core/access/permissions.hpp"

namespace tamiti {
namespace {

TEST(Scope, StandsInBracketsInWhateverItIsPartOf) {
    const Scope mine = where("owner = {}", "ada");
    const Scope open = where("status = {} OR status = {}", "open", "new");
    EXPECT_EQ(Sql("SELECT FROM task WHERE {} AND {}", open, mine).text(),
              "SELECT FROM task WHERE (status = $1 OR status = $2) AND (owner = $3)");
}

TEST(Scope, CombinesConditionsWithTheirValues) {
    const Scope mine = where("owner = {}", "ada");
    const Scope open = where("status = {} OR status = {}", "open", "new");
    EXPECT_EQ((mine && open).text(), "((owner = $1) AND (status = $2 OR status = $3))");
    EXPECT_EQ((mine || open).text(), "((owner = $1) OR (status = $2 OR status = $3))");
    EXPECT_EQ((mine || open).params(), db::Params::of("ada", "open", "new"));
}

TEST(Scope, AllAndNoneAreSimplifiedAway) {
    const Scope mine = where("owner = {}", "ada");
    EXPECT_TRUE((Scope::all() || mine).is_all());
    EXPECT_TRUE((Scope::none() && mine).is_none());
    EXPECT_EQ(Scope::all() && mine, mine);
    EXPECT_EQ(Scope::none() || mine, mine);
    EXPECT_FALSE(mine.is_all() || mine.is_none());
    EXPECT_EQ(Scope::all().text(), "true");
    EXPECT_EQ(Scope::none().text(), "false");
}

TEST(Scope, ReachedRowsAreFoundByTheIndexOfTheirColumn) {
    const Scope seen =
        Scope::reached_by(Sql("project"), Sql("SELECT id FROM project WHERE owner = {}", "ada"));
    EXPECT_EQ(seen.text(), "(project = ANY(ARRAY(SELECT id FROM project WHERE owner = $1)))");
    ASSERT_TRUE(seen.reached());
    EXPECT_EQ(seen.reached()->column, Sql("project"));
    EXPECT_TRUE(seen.reached()->rest.empty());
}

TEST(Scope, ReachedRowsKeepTheirPartsBesideOtherConditionsOnly) {
    const Scope seen = Scope::reached_by(Sql("project"), Sql("SELECT id FROM project"));
    const Scope open = where("status = {}", "open");
    const Scope shared = where("shared");
    for (const Scope& both : {seen && open, open && seen}) {
        ASSERT_TRUE(both.reached());
        EXPECT_EQ(both.reached()->ids, Sql("SELECT id FROM project"));
        EXPECT_EQ(both.reached()->rest, Sql(open));
    }
    EXPECT_EQ((seen && open && shared).reached()->rest, Sql("{} AND {}", open, shared));
    EXPECT_EQ((seen && Scope::all()).reached()->column, Sql("project"));
    EXPECT_FALSE((seen || open).reached());
    EXPECT_FALSE((seen && Scope::none()).reached());
    EXPECT_FALSE(open.reached());
}

TEST(Scope, TellsApartWhatDiffersInAValueOnly) {
    EXPECT_EQ(where("owner = {}", "ada"), where("owner = {}", "ada"));
    EXPECT_NE(where("owner = {}", "ada"), where("owner = {}", "ben"));
}

TEST(Permissions, HoldForTheRolesTheyNameAndRefuseUnknownCodes) {
    Permissions permissions;
    permissions.add({"tasks.assign", "Assign tasks", {Role::manager}});
    EXPECT_TRUE(permissions.allows({Role::staff, Role::manager}, "tasks.assign"));
    EXPECT_FALSE(permissions.allows({Role::staff}, "tasks.assign"));
    EXPECT_FALSE(permissions.allows({}, "tasks.assign"));
    EXPECT_THROW(permissions.allows({Role::admin}, "tasks.asign"), std::logic_error);
    EXPECT_THROW(permissions.add({"tasks.assign", "Again", {}}), std::logic_error);
}

}  // namespace
}  // namespace tamiti
