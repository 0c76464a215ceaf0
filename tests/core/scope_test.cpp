#include "core/access/scope.hpp"

#include <gtest/gtest.h>

#include "core/access/permissions.hpp"

namespace tamiti {
namespace {

TEST(Scope, CombinesConditionsAndMovesTheirParameters) {
    const Scope mine = where("owner = $1", "ada");
    const Scope open = where("status = $1 OR status = $2", "open", "new");
    const Scope both = mine && open;
    EXPECT_EQ(both.sql, "(owner = $1) AND (status = $2 OR status = $3)");
    EXPECT_EQ(both.params.size(), 3);
    EXPECT_EQ((mine || open).sql, "(owner = $1) OR (status = $2 OR status = $3)");
}

TEST(Scope, AllAndNoneAreSimplifiedAway) {
    const Scope mine = where("owner = $1", "ada");
    EXPECT_TRUE((Scope::all() || mine).is_all());
    EXPECT_TRUE((Scope::none() && mine).is_none());
    EXPECT_EQ((Scope::all() && mine).sql, mine.sql);
    EXPECT_EQ((Scope::none() || mine).sql, mine.sql);
}

TEST(Scope, BindsAfterTheParametersThatAreThere) {
    db::Params params = db::Params::of("first", "second");
    EXPECT_EQ(where("a = $1 AND b = '$1' AND c = $2 AND d = $1", "x", "y").bind(params),
              "a = $3 AND b = '$1' AND c = $4 AND d = $3");
    EXPECT_EQ(params.size(), 4);
}

TEST(Scope, TwoDigitParametersMoveAsWhole) {
    db::Params params = db::Params::of("first");
    EXPECT_EQ(where("a = $1 OR a = $12", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).bind(params),
              "a = $2 OR a = $13");
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
