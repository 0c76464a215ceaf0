#include <gmock/gmock.h>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The smallest picture that there is, and its beginning as a JPEG's.
const std::string png("\x89PNG\r\n\x1a\n and some bytes", 23);
const std::string jpeg("\xff\xd8\xff\xe0 and some bytes", 19);

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
    for (const char* field : {"email", "department", "branch", "designation", "manager", "expires_at"}) {
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

TEST_F(Me, ATelephoneNumberThatOneSetsIsNobodysUntilAnAdminConfirmsIt) {
    const auto sets = [](const char* who) { return patch(who, "/users/me", {{"phone", "+256772333444"}}); };
    const auto confirms = [](const char* whose) {
        return patch("ada", "/users/" + user(whose), {{"is_phone_proven", true}});
    };
    EXPECT_EQ(sets("faith").text("is_phone_proven"), "false");
    EXPECT_EQ(sets("cleo").status, 200) << "several may say that it is theirs";
    EXPECT_EQ(patch("faith", "/users/me", {{"is_phone_proven", true}}).status, 403);
    EXPECT_EQ(confirms("faith").text("is_phone_proven"), "true");
    const Answer second = confirms("cleo");
    EXPECT_EQ(second.status, 409);
    EXPECT_NE(second.text("errors.phone.0"), "");
    EXPECT_EQ(sets("faith").text("is_phone_proven"), "true") << "it is the same";
    EXPECT_EQ(sets("moses").status, 200) << "a proven number is no conflict for whoever only says it";
    EXPECT_EQ(patch("faith", "/users/me", {{"phone", "+256772333445"}}).text("is_phone_proven"), "false");
    EXPECT_EQ(confirms("cleo").status, 200) << "it is free again";
}

TEST_F(Me, HasTheVersionByWhichOneKnowsTheRow) {
    const std::string row = "/users/" + user("hope");
    sql("UPDATE users_user SET signed_out_at = '2020-01-01', version = version + 1 WHERE id = $1 RETURNING "
        "id",
        user("hope"));
    const Answer mine = get("hope", "/users/me");
    EXPECT_EQ(mine.text("version"), get("hope", row).text("version"));
    EXPECT_NE(mine.text("version"), get("ada", row).text("version"));
    EXPECT_EQ(patch("hope", "/users/me", {{"bio", "x"}}, {{"If-Match", mine.header("ETag")}}).status, 200);
    EXPECT_EQ(patch("hope", "/users/me", {{"bio", "y"}}, {{"If-Match", mine.header("ETag")}}).status, 412);
}

TEST_F(Me, ATelephoneNumberThatAnAdminSetsIsProven) {
    const std::string row = "/users/" + user("grace");
    EXPECT_EQ(patch("ada", row, {{"phone", "+256772333446"}}).text("is_phone_proven"), "true");
    EXPECT_EQ(patch("ada", "/users/" + user("lea"), {{"phone", "+256772333446"}}).status, 409);
    EXPECT_EQ(patch("ada", row, {{"phone", nullptr}}).text("is_phone_proven"), "false");
}

TEST_F(Me, ChangesWhatOneSignsInWith) {
    user("kit");
    EXPECT_EQ(patch("kit", "/users/me", {{"username", "Kitty"}}).text("username"), "kitty");
    EXPECT_EQ(sql("SELECT username FROM users_user WHERE id = $1", user("kit")), "kitty");
    EXPECT_EQ(patch("kit", "/users/me", {{"username", "x"}}).status, 422);
    EXPECT_EQ(patch("kit", "/users/me", {{"username", "ada"}}).status, 409);
    EXPECT_EQ(patch("kit", "/users/me", {{"username", "erased-0123"}}).status, 422);
    EXPECT_EQ(patch("cleo", "/users/" + user("kit"), {{"username", "mine"}}).status, 404);
    EXPECT_EQ(patch("faith", "/users/" + user("kit"), {{"username", "mine"}}).status, 403);
    EXPECT_EQ(sql("SELECT username FROM users_user WHERE id = $1", user("kit")), "kitty");
}

TEST_F(Me, TriesFiveNamesADay) {
    user("guesser", {Role::client});
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(patch("guesser", "/users/me", {{"username", i % 2 ? "ada" : "faith"}}).status, 409);
    EXPECT_EQ(patch("guesser", "/users/me", {{"username", "free-name"}}).status, 429);
    EXPECT_EQ(patch("guesser", "/users/me", {{"bio", "Still here"}}).status, 200);
}

TEST_F(Me, LooksAsOneLikes) {
    EXPECT_EQ(get("faith", "/users/me").text("theme"), "system");
    EXPECT_EQ(patch("faith", "/users/me", {{"theme", "dark"}}).text("theme"), "dark");
    EXPECT_EQ(patch("faith", "/users/me", {{"theme", "pink"}}).status, 422);
    EXPECT_EQ(get("faith", "/users/me").text("theme"), "dark");
    EXPECT_FALSE(get("faith", "/users/" + user("cleo")).json().as_object().contains("theme"))
        << "what others like is theirs";
}

TEST_F(Me, ReadsWhatIsAskedFor) {
    const auto names = [](const Answer& answer) {
        std::vector<std::string> found;
        const auto parsed = answer.json();
        for (const auto& member : parsed.as_object()) found.emplace_back(member.key());
        return found;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names(get("cleo", "/users/me?fields=username,email")), (Names{"username", "email"}));
    EXPECT_EQ(names(get("cleo", "/users/me?fields=permissions,username")),
              (Names{"username", "permissions"}));
    const Answer all = get("cleo", "/users/me");
    EXPECT_EQ(names(get("cleo", "/users/me?expand=manager")), names(all));
    for (const char* hidden : {"is_active", "erased_at", "deactivation_reason", "password"})
        EXPECT_EQ(get("ada", std::string("/users/me?fields=") + hidden).status, 400) << hidden;
    EXPECT_EQ(get("cleo", "/users/me?expand=nothing").status, 400);
    EXPECT_EQ(get("cleo", "/users/me?filter=x").status, 400);
    ASSERT_EQ(patch("ada", "/users/" + user("faith"), {{"manager", user("ada")}}).status, 200);
    const Answer expanded = get("faith", "/users/me?fields=username&expand=manager");
    EXPECT_EQ(expanded.text("manager.username"), "ada");
    EXPECT_EQ(expanded.text("username"), "faith");
    EXPECT_EQ(get("faith", "/users/me", {{"If-None-Match", get("faith", "/users/me").header("ETag")}}).status,
              304);
}

TEST_F(Me, ShowsAPictureOfOneself) {
    const auto sends = [](const std::string& who, const std::string& bytes, const char* type) {
        return send(http::Method::put, who, "/users/me/avatar", Body::raw(bytes), {{"Content-Type", type}});
    };
    const Answer set = sends("faith", png, "image/png");
    ASSERT_EQ(set.status, 200) << set.body;
    const std::string place = set.text("avatar");
    EXPECT_EQ(get("faith", "/users/me").text("avatar"), place);
    EXPECT_EQ(get("ada", "/users/" + user("faith")).text("avatar"), place);
    const std::string path = place.substr(std::string("/api/v1").size());
    const Answer shown = get("cleo", path);
    EXPECT_EQ(shown.status, 200);
    EXPECT_EQ(shown.body, png);
    EXPECT_EQ(get("guest", path).status, 401);
    EXPECT_EQ(get("ada", "/avatars/" + Uuid::make().text()).status, 404);
    const std::string second = sends("faith", jpeg, "image/jpeg").text("avatar");
    EXPECT_NE(second, place) << "a new picture is elsewhere, so that no cache shows the old one";
    EXPECT_EQ(get("ada", path).status, 404);
    EXPECT_EQ(sends("faith", "GIF89a", "image/png").status, 422);
    EXPECT_EQ(sends("faith", png, "image/gif").status, 415);
    EXPECT_EQ(sends("faith", "", "image/png").status, 422);
    EXPECT_EQ(sends("faith", png + std::string(1'000'000, 'x'), "image/png").status, 422);
    EXPECT_EQ(sends("guest", png, "image/png").status, 401);
    EXPECT_EQ(get("faith", "/users/me").text("avatar"), second) << "what is refused changes nothing";
    EXPECT_EQ(remove("faith", "/users/me/avatar").status, 204);
    EXPECT_EQ(get("faith", "/users/me").text("avatar"), "");
    EXPECT_EQ(sql("SELECT count(*) FROM users_avatar"), "0");
    EXPECT_EQ(remove("faith", "/users/me/avatar").status, 204) << "twice changes nothing";
    EXPECT_EQ(patch("faith", "/users/me", {{"avatar", "https://elsewhere.example/a.png"}}).status, 400);
}

}  // namespace
}  // namespace tamiti::test
