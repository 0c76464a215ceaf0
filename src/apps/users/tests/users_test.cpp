#include <gmock/gmock.h>

#include <thread>

#include "core/access/session_cache.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// Ada is an admin, Moses manages, Sam is staff, Cleo and Kofi are clients.
class Users : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("moses", {Role::manager});
        user("sam");
        user("cleo", {Role::client});
        user("kofi", {Role::client});
    }

    static std::string path_of(const std::string& name) { return "/users/" + user(name); }

    /// What makes a new person, with more members where asked for.
    static Body person(const std::string& name, const Object& more = {{"roles", {"staff"}}}) {
        return joined({{"username", name}, {"email", name + "@studio.test"}}, more);
    }
};

TEST_F(Users, OfTheStudioSeeEverybodyAndAClientOnlyThemselves) {
    EXPECT_THAT(get("sam", "/users?page_size=200").each("username"),
                ::testing::IsSupersetOf({"ada", "moses", "sam", "cleo", "kofi"}));
    EXPECT_THAT(get("cleo", "/users").each("username"), UnorderedElementsAre("cleo"));
    access(Method::get, path_of("cleo"),
           {{"guest", 401}, {"kofi", 404}, {"cleo", 200}, {"sam", 200}, {"ada", 200}});
    access(Method::get, path_of("sam"), {{"guest", 401}, {"cleo", 404}, {"moses", 200}});
}

TEST_F(Users, ShowHowToReachThemToTheStudioOnly) {
    const auto seen_by = [](const std::string& who) { return get(who, path_of("cleo")).json().as_object(); };
    for (const char* field : {"email", "phone", "expires_at"}) {
        EXPECT_TRUE(seen_by("sam").contains(field)) << field;
        EXPECT_FALSE(seen_by("cleo").contains(field)) << field;
    }
    for (const char* field : {"last_login_at", "signed_out_at"}) {
        EXPECT_TRUE(seen_by("ada").contains(field)) << field;
        EXPECT_FALSE(seen_by("moses").contains(field)) << field << ": a manager doesn't watch people";
        EXPECT_FALSE(seen_by("sam").contains(field)) << field;
    }
    EXPECT_EQ(get("cleo", "/users?email=cleo@studio.test").status, 400);
    EXPECT_EQ(get("cleo", "/users?fields=email").status, 400);
}

TEST_F(Users, NeverShowAPassword) {
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(
            {"INSERT INTO auth_password (account, hash) VALUES ({}, '$argon2id$secret')", user("sam")});
    });
    for (const char* path : {"/users", "/users/me"})
        EXPECT_THAT(get("ada", path).body, Not(HasSubstr("argon2id")));
    EXPECT_EQ(get("ada", "/users?password=x").status, 400);
    EXPECT_EQ(patch("ada", path_of("sam"), {{"password", "x"}}).status, 400);
}

TEST_F(Users, AreMadeByAdminsOnly) {
    access(Method::post, "/users", person("nobody"),
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"moses", 403}});
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'nobody'"), "0");
    const Answer made = post("ada", "/users",
                             person("nakato", {{"roles", {"content", "digital"}}, {"first_name", "Nakato"}}));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.text("roles"), R"(["content","digital"])");
    EXPECT_EQ(made.text("is_active"), "true");
    EXPECT_EQ(made.text("is_verified"), "false");
}

TEST_F(Users, AreChangedByAdminsAndNeverRemoved) {
    access(Method::patch, path_of("sam"), {{"job_title", "Editor"}},
           {{"guest", 401}, {"cleo", 404}, {"sam", 403}, {"moses", 403}, {"ada", 200}});
    access(Method::delete_, path_of("sam"), {{"ada", 405}});
}

TEST_F(Users, HaveUsernamesThatCompareWithoutCase) {
    EXPECT_EQ(post("ada", "/users", person("Wasswa")).text("username"), "wasswa");
    const Answer again =
        post("ada", "/users", {{"username", "WASSWA"}, {"email", "other@studio.test"}, {"roles", {"staff"}}});
    EXPECT_EQ(again.status, 409);
    EXPECT_NE(again.text("errors.username.0"), "");
    const Answer same_mail =
        post("ada", "/users", {{"username", "kato"}, {"email", "WASSWA@studio.test"}, {"roles", {"staff"}}});
    EXPECT_EQ(same_mail.status, 409);
    EXPECT_NE(same_mail.text("errors.email.0"), "");
    for (const char* bad : {"ab", "a b c", "12345", "ada@studio", "okello!", "přemysl"}) {
        const Answer refused = post(
            "ada", "/users", {{"username", std::string(bad)}, {"email", "x@y.test"}, {"roles", {"staff"}}});
        EXPECT_EQ(refused.status, 422) << bad;
        EXPECT_NE(refused.text("errors.username.0"), "") << bad;
    }
}

TEST_F(Users, HoldAtLeastOneRoleAndAClientNoOther) {
    EXPECT_EQ(post("ada", "/users", person("noroles", {})).status, 422);
    EXPECT_EQ(post("ada", "/users", person("noroles", {{"roles", Array{}}})).status, 422);
    EXPECT_EQ(post("ada", "/users", person("both", {{"roles", {"client", "staff"}}})).status, 422);
    EXPECT_EQ(post("ada", "/users", person("king", {{"roles", {"king"}}})).status, 422);
    const Answer mixed = patch("ada", path_of("cleo"), {{"roles", {"client", "finance"}}});
    EXPECT_EQ(mixed.status, 422);
    EXPECT_EQ(mixed.text("errors.roles.0"), "A client can't hold other roles as well.");
    EXPECT_EQ(sql("SELECT roles FROM users_user WHERE username = 'cleo'"), "{client}");
}

TEST_F(Users, DontChangeWhatTheyThemselvesMayDo) {
    user("berna", {Role::admin});
    const std::string before = sql("SELECT row(u.*)::text FROM users_user u WHERE username = 'berna'");
    const std::string in_a_year = format(clock().now() + std::chrono::days(365));
    for (const Body& change : {Body{{"roles", {"staff"}}}, Body{{"is_active", false}},
                               Body{{"is_verified", false}}, Body{{"expires_at", in_a_year}}}) {
        for (const std::string& path : {path_of("berna"), std::string("/users/me")}) {
            const Answer refused = patch("berna", path, change);
            EXPECT_EQ(refused.status, 403) << change;
            EXPECT_EQ(refused.text("code"), "users.own_rights") << change;
        }
    }
    EXPECT_EQ(sql("SELECT row(u.*)::text FROM users_user u WHERE username = 'berna'"), before);
    EXPECT_EQ(patch("berna", path_of("berna"), {{"roles", {"admin"}}, {"job_title", "Boss"}}).status, 200)
        << "the same roles are no change";
}

TEST_F(Users, MayNotMakeCirclesOfManagers) {
    const std::string root = user("root"), branch = user("branch"), leaf = user("leaf");
    const auto report = [](const std::string& who, const std::string& to) {
        return patch("ada", "/users/" + who, {{"manager", to}});
    };
    EXPECT_EQ(report(branch, root).status, 200);
    EXPECT_EQ(report(leaf, branch).status, 200);
    EXPECT_EQ(report(root, leaf).status, 422);
    EXPECT_EQ(report(root, branch).status, 422);
    EXPECT_EQ(report(root, root).status, 422);
    EXPECT_EQ(patch("ada", "/users/" + branch, {{"manager", nullptr}}).status, 200);
    EXPECT_EQ(report(root, leaf).status, 200) << "the circle is open now";
}

TEST_F(Users, AreRefusedWithinOneRequestOnceTheyAreDeactivated) {
    user("temp");
    EXPECT_EQ(get("temp", "/users/me").status, 200);
    EXPECT_EQ(patch("ada", path_of("temp"), {{"is_active", false}}).status, 200);
    EXPECT_EQ(get("temp", "/users/me").status, 401);
    clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(patch("ada", path_of("temp"), {{"is_active", true}}).status, 200);
    EXPECT_EQ(get("temp", "/users/me").status, 401) << "old sessions stay ended";
}

TEST_F(Users, LoseAndGainRightsWithinOneRequest) {
    const std::string path = path_of("sam");
    user("kintu");
    EXPECT_EQ(patch("kintu", path, {{"job_title", "Cutter"}}).status, 403);
    EXPECT_EQ(patch("ada", path_of("kintu"), {{"roles", {"admin"}}}).status, 200);
    EXPECT_EQ(patch("kintu", path, {{"job_title", "Cutter"}}).status, 200);
    EXPECT_EQ(patch("ada", path_of("kintu"), {{"roles", {"staff"}}}).status, 200);
    EXPECT_EQ(patch("kintu", path, {{"job_title", "Cutter again"}}).status, 403);
}

TEST_F(Users, AreRefusedFromTheMomentTheyExpire) {
    user("visitor");
    const std::string in_an_hour = format(clock().now() + std::chrono::hours(1));
    EXPECT_EQ(patch("ada", path_of("visitor"), {{"expires_at", in_an_hour}}).status, 200);
    EXPECT_EQ(get("visitor", "/users/me").status, 200);
    const Timestamp before = clock().now();
    clock().advance(std::chrono::minutes(14));
    EXPECT_EQ(get("visitor", "/users/me").status, 200);
    clock().set(before);
    const std::string soon = format(clock().now() + std::chrono::minutes(5));
    EXPECT_EQ(patch("ada", path_of("visitor"), {{"expires_at", soon}}).status, 200);
    clock().advance(std::chrono::minutes(6));
    EXPECT_EQ(get("visitor", "/users/me").status, 401);
    clock().set(before);
}

TEST_F(Users, AreFoundByNameRoleAndTitle) {
    make("ada", "/users",
         person("achieng", {{"roles", {"content"}}, {"first_name", "Achieng"}, {"job_title", "Colourist"}}));
    EXPECT_THAT(get("sam", "/users?search=colourist").each("username"), UnorderedElementsAre("achieng"));
    EXPECT_THAT(get("sam", "/users?search=colorist").each("username"), ::testing::Contains("achieng"))
        << "a typing error";
    EXPECT_THAT(get("sam", "/users?roles__any=client").each("username"),
                ::testing::IsSupersetOf({"cleo", "kofi"}));
    EXPECT_THAT(get("sam", "/users?username=ACHIENG").each("username"), ::testing::SizeIs(::testing::Le(1)));
    EXPECT_EQ(get("sam", "/users?signed_out_at__isnull=true").status, 400);
}

TEST_F(Users, HaveWorkingHoursThatMakeSense) {
    const auto set = [](const Value& hours) {
        return patch("sam", "/users/me", {{"working_hours", hours}}).status;
    };
    EXPECT_EQ(set({{"mon", {"08:30", "17:30"}}, {"sat", {"09:00", "24:00"}}}), 200);
    EXPECT_EQ(set(Object{}), 200);
    for (const Value& bad : {Value{{"monday", {"08:30", "17:30"}}}, Value{{"mon", {"17:30", "08:30"}}},
                             Value{{"mon", {"08:30"}}}, Value(Array{}), Value{{"mon", {"8:30", "17:30"}}},
                             Value{{"mon", {"08:60", "17:30"}}}, Value{{"mon", {8, 17}}},
                             Value{{"mon", {"08:30", "24:30"}}}, Value{{"mon", "08:30"}}})
        EXPECT_EQ(set(bad), 422) << bad;
}

TEST_F(Users, BelongToDepartmentsThatTheStudioKeepsToItself) {
    const std::string department = make("ada", "/departments", {{"name", "Sound"}});
    access(Method::get, "/departments/" + department, {{"guest", 401}, {"cleo", 404}, {"sam", 200}});
    access(Method::post, "/departments", {{"name", "Light"}},
           {{"guest", 401}, {"cleo", 403}, {"sam", 403}, {"moses", 403}, {"ada", 201}});
    EXPECT_EQ(post("ada", "/departments", {{"name", "SOUND"}}).status, 409);
    EXPECT_EQ(patch("ada", path_of("sam"), {{"department", department}}).status, 200);
    EXPECT_EQ(get("moses", path_of("sam") + "?expand=department").text("department.name"), "Sound");
    EXPECT_EQ(remove("ada", "/departments/" + department).status, 204);
    EXPECT_EQ(get("moses", path_of("sam")).text("department"), "null");
    for (const char* path : {"/branches", "/designations"})
        access(Method::post, path, {{"name", "Mbale"}}, {{"guest", 401}, {"sam", 403}, {"ada", 201}});
}

/// One admin only.
class LastAdmin : public Studio {};

TEST_F(LastAdmin, StaysOneWhoCanSignIn) {
    const std::string first = user("first", {Role::admin}), second = user("second", {Role::admin});
    const std::string in_an_hour = format(clock().now() + std::chrono::hours(1));
    EXPECT_EQ(patch("first", "/users/" + second, {{"roles", {"staff"}}}).status, 200) << "there is another";
    EXPECT_EQ(patch("first", "/users/" + second, {{"roles", {"admin"}}}).status, 200);
    EXPECT_EQ(patch("first", "/users/" + second, {{"expires_at", in_an_hour}}).status, 200);
    const std::string in_a_year = format(clock().now() + std::chrono::days(365));
    for (const Body& change :
         {Body{{"roles", {"manager"}}}, Body{{"is_active", false}}, Body{{"expires_at", in_a_year}}}) {
        const Answer refused = patch("second", "/users/" + first, change);
        EXPECT_EQ(refused.status, 409) << change << ": an admin who expires is none to rely on";
        EXPECT_EQ(refused.text("code"), "users.last_admin") << change;
    }
    EXPECT_EQ(sql("SELECT roles FROM users_user WHERE id = $1", first), "{admin}");
}

TEST_F(LastAdmin, StaysWhenTwoDemoteEachOtherAtOnce) {
    const std::string one = user("one", {Role::admin}), two = user("two", {Role::admin});
    EXPECT_EQ(patch("one", "/users/" + user("first", {Role::admin}), {{"is_active", false}}).status, 200);
    for (int round = 0; round < 10; ++round) {
        transact(site(), Actor::system(), [&](Tx& tx) {
            tx.execute({"UPDATE users_user SET roles = '{admin}' WHERE id IN ({}, {})", one, two});
        });
        site().memory.get<SessionCache>(site()).forget_user(Uuid::parse(one).value());
        site().memory.get<SessionCache>(site()).forget_user(Uuid::parse(two).value());
        int by_one = 0;
        std::thread other([&] { by_one = patch("one", "/users/" + two, {{"roles", {"staff"}}}).status; });
        const int by_two = patch("two", "/users/" + one, {{"roles", {"staff"}}}).status;
        other.join();
        EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE is_active AND expires_at IS NULL AND roles = "
                      "'{admin}'"),
                  "1");
        EXPECT_EQ((by_one == 200) + (by_two == 200), 1) << by_one << " " << by_two;
    }
}

/// The demo studio.
class DemoPeople : public Studio {
public:
    static void seed() {
        transact(site(), Actor::system(), [](Tx& tx) {
            for (const App& app : registry().apps())
                if (app.name == "users" || app.name == "auth") app.seed(tx);
        });
    }
};

TEST_F(DemoPeople, AreTwelveHoweverOftenTheyAreLoaded) {
    seed();
    const std::string all = "SELECT string_agg(u::text, '|' ORDER BY id) FROM users_user u";
    const std::string once = sql(all);
    seed();
    EXPECT_EQ(sql(all), once);
    EXPECT_EQ(sql("SELECT count(*) FROM users_user"), "12");
    EXPECT_EQ(sql("SELECT count(*) FROM auth_password"), "12");
    EXPECT_EQ(sql("SELECT string_agg(username, ' ' ORDER BY id) FROM (SELECT * FROM users_user ORDER BY id "
                  "LIMIT 8) u"),
              "admin manager finance content digital field staff client");
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE substr(id::text, 15, 1) = '7'"), "12")
        << "ids have the layout of version 7";
    EXPECT_EQ(
        post("guest", "/auth/token", {{"username", "finance"}, {"password", "studio-demo-2026"}}).status,
        200);
}

TEST_F(Users, AreFoundWhoAreUnverifiedOrNeverSignedIn) {
    const std::string fresh =
        make("ada", "/users", {{"username", "fresh"}, {"email", "fresh@studio.test"}, {"roles", {"staff"}}});
    const std::string proven = make("ada", "/users",
                                    {{"username", "proven"},
                                     {"email", "proven@studio.test"},
                                     {"is_verified", true},
                                     {"roles", {"staff"}}});
    sql("UPDATE users_user SET last_login_at = now() WHERE username = 'moses' RETURNING id");
    const auto found = [](const std::string& filter) {
        return get("ada", "/users?id__in=" + filter).each("username");
    };
    const std::string ids = fresh + "," + proven + "," + user("moses");
    EXPECT_THAT(found(ids + "&is_verified=false"), UnorderedElementsAre("fresh"));
    EXPECT_THAT(found(ids + "&last_login_at__isnull=true"), UnorderedElementsAre("fresh", "proven"));
    EXPECT_THAT(found(ids + "&last_login_at__isnull=false"), UnorderedElementsAre("moses"));
    EXPECT_THAT(found(ids + "&is_verified=true&last_login_at__isnull=true"), UnorderedElementsAre("proven"));
    EXPECT_EQ(get("moses", "/users?last_login_at__isnull=true").status, 400)
        << "when somebody signed in is for who manages people";
    EXPECT_EQ(get("sam", "/users?is_verified=false").status, 200);
}

TEST_F(Users, AreToldByMailThatTheyHaveAnAccount) {
    const std::string id = make("ada", "/users",
                                {{"username", "newcomer"},
                                 {"email", "newcomer@studio.test"},
                                 {"first_name", "Visit"},
                                 {"language", "fr"},
                                 {"roles", {"staff"}}});
    EXPECT_EQ(sql("SELECT string_agg(template, ' ') FROM core_mail WHERE recipient = 'newcomer@studio.test'"),
              "account_made");
    EXPECT_EQ(sql("SELECT body_text LIKE '%Choisir un mot de passe%' AND body_text LIKE '%/reset-password%' "
                  "AND body_text NOT LIKE '%Visit%' FROM core_mail WHERE recipient = 'newcomer@studio.test'"),
              "t");
    EXPECT_EQ(
        post("ada", "/users", {{"username", "newcomer"}, {"email", "late@studio.test"}, {"roles", {"staff"}}})
            .status,
        409);
    EXPECT_EQ(patch("ada", "/users/" + id, {{"job_title", "Editor"}}).status, 200);
    EXPECT_EQ(
        sql("SELECT count(*) FROM core_mail WHERE recipient IN ('late@studio.test', 'newcomer@studio.test')"),
        "1");
}

}  // namespace
}  // namespace tamiti::test
