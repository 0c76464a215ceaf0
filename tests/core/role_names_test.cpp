#include "core/access/role_names.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tamiti {
namespace {

TEST(RoleNames, AreReadFromAList) {
    EXPECT_EQ(roles_named("", "It"), RoleSet());
    EXPECT_EQ(roles_named(" , ", "It"), RoleSet());
    EXPECT_EQ(roles_named("admin", "It"), RoleSet({Role::admin}));
    EXPECT_EQ(roles_named(" finance,admin , finance", "It"), RoleSet({Role::admin, Role::finance}));
}

TEST(RoleNames, ThatAreNoneAreNamedInASentence) {
    for (const char* wrong : {"admins", "Admin", "admin finance", "everyone"}) {
        try {
            roles_named(wrong, "TAMITI_SECOND_FACTOR_ROLES");
            ADD_FAILURE() << wrong;
        } catch (const std::invalid_argument& fault) {
            EXPECT_EQ(
                std::string(fault.what()),
                "TAMITI_SECOND_FACTOR_ROLES names \"" + std::string(wrong) +
                    "\", which is no role; the roles are admin, manager, finance, content, digital, field, "
                    "staff, client.");
        }
    }
}

}  // namespace
}  // namespace tamiti
