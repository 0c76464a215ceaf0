#include <gmock/gmock.h>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Me : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("cleo", {Role::client});
        user("faith", {Role::finance, Role::manager});
    }
};

TEST_F(Me, IsForWhoIsSignedIn) {
    EXPECT_EQ(get("guest", "/users/me").status, 401);
    EXPECT_EQ(patch("guest", "/users/me", {{"bio", "x"}}).status, 401);
}

TEST_F(Me, ShowsEverythingOfOnesOwnAndWhatOneMayDo) {
    const Answer mine = get("cleo", "/users/me");
    EXPECT_EQ(mine.status, 200);
    EXPECT_EQ(mine.text("username"), "cleo");
    EXPECT_EQ(mine.text("email"), "cleo@studio.test");
    EXPECT_EQ(mine.text("roles"), R"(["client"])");
    EXPECT_THAT(mine.text("permissions"), Not(HasSubstr("users.")));
    EXPECT_THAT(get("faith", "/users/me").text("permissions"), HasSubstr("users.view_contact"));
    EXPECT_THAT(get("faith", "/users/me").text("permissions"), Not(HasSubstr("users.manage")));
    EXPECT_THAT(get("ada", "/users/me").text("permissions"), HasSubstr("users.manage"));
}

TEST_F(Me, ChangesWhatIsOnesOwn) {
    const Answer changed = patch("cleo", "/users/me",
                                 {{"first_name", "Cleo"},
                                  {"phone", "+256 772 111 222"},
                                  {"time_zone", "Africa/Nairobi"},
                                  {"language", "sw"}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.text("phone"), "+256772111222");
    EXPECT_EQ(changed.text("time_zone"), "Africa/Nairobi");
    EXPECT_EQ(get("cleo", "/users/me").text("first_name"), "Cleo");
    EXPECT_EQ(patch("cleo", "/users/me", {{"phone", nullptr}}).text("phone"), "null");
    EXPECT_EQ(get("cleo", "/users/me").text("first_name"), "Cleo") << "what isn't sent stays";
}

TEST_F(Me, RefusesWhatOnlyOthersMaySet) {
    const std::string before = sql("SELECT row(u.*)::text FROM users_user u WHERE username = 'cleo'");
    for (const char* field :
         {"username", "email", "department", "branch", "designation", "manager", "expires_at"}) {
        const Answer refused = patch("cleo", "/users/me", {{"bio", "x"}, {field, nullptr}});
        EXPECT_EQ(refused.status, 403) << field << refused.body;
        EXPECT_NE(refused.text(std::string("errors.") + field + ".0"), "") << field;
    }
    EXPECT_EQ(patch("cleo", "/users/me", {{"roles", {"admin"}}}).status, 403);
    EXPECT_EQ(patch("cleo", "/users/me", {{"is_active", true}}).status, 403);
    for (const char* field : {"id", "created_at", "version", "last_login_at", "signed_out_at", "permissions",
                              "password", "__proto__"}) {
        const Answer refused = patch("cleo", "/users/me", {{"bio", "x"}, {field, "x"}});
        EXPECT_EQ(refused.status, 400) << field << refused.body;
        EXPECT_NE(refused.text(std::string("errors.") + field + ".0"), "") << field;
    }
    EXPECT_EQ(sql("SELECT row(u.*)::text FROM users_user u WHERE username = 'cleo'"), before);
}

TEST_F(Me, AnAdminsOwnAddressIsProvenLikeEverybodyElses) {
    user("amara", {Role::admin});
    const std::string before = sql("SELECT email FROM users_user WHERE username = 'amara'");
    const Answer refused = patch("amara", "/users/me", {{"email", "other@studio.test"}});
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_NE(refused.text("errors.email.0"), "");
    EXPECT_EQ(sql("SELECT email FROM users_user WHERE username = 'amara'"), before);
}

TEST_F(Me, RefusesValuesThatMakeNoSense) {
    for (const Body& change : {Body{{"time_zone", "Mars/Olympus"}}, Body{{"language", "klingon"}},
                               Body{{"phone", "12"}}, Body{{"first_name", 7}}, Body{{"first_name", nullptr}}})
        EXPECT_EQ(patch("cleo", "/users/me", change).status, 422) << change;
    EXPECT_EQ(patch("cleo", "/users/me", Body::none()).status, 400);
    EXPECT_EQ(patch("cleo", "/users/me", Array{}).status, 400);
}

TEST_F(Me, KeepsATelephoneNumberForOnePersonOnly) {
    EXPECT_EQ(patch("faith", "/users/me", {{"phone", "+256772333444"}}).status, 200);
    EXPECT_EQ(patch("cleo", "/users/me", {{"phone", "+256772333444"}}).status, 409);
}

}  // namespace
}  // namespace tamiti::test
