#include <atomic>
#include <thread>

#include "apps/projects/tests/factories.hpp"
#include "core/model/tx.hpp"
#include "tests/support/waiting.hpp"

namespace tamiti::test {
namespace {

class Milestones : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("nala", {Role::client});
    }

    /// A project of Ada's whose client is Nala, with one shared milestone; answers the milestone's path.
    static std::string shared_milestone() {
        const auto project = make_project("ada");
        join("ada", project, "nala", "client");
        return "/milestones/" + make("ada", "/milestones",
                                     {{"name", "Cut"}, {"shared_with_client", true}, {"project", project}});
    }
};

TEST_F(Milestones, RecordWhoCompletedThemAndWhen) {
    const auto path = "/milestones/" + make_milestone("ada", make_project("ada"));
    const Answer done = post("ada", path + "/complete");
    EXPECT_EQ(done.text("completed_by"), user("ada"));
    EXPECT_EQ(done.text("completed_at"), format(clock().now()));
    clock().advance(std::chrono::minutes(5));
    EXPECT_EQ(post("ada", path + "/complete").body, done.body);
    const Answer open = post("ada", path + "/reopen");
    EXPECT_TRUE(open.json().at("completed_at").is_null());
    EXPECT_TRUE(open.json().at("completed_by").is_null());
}

TEST_F(Milestones, AreCompletedByVerbsAlone) {
    const auto path = "/milestones/" + make_milestone("ada", make_project("ada"));
    EXPECT_EQ(patch("ada", path, {{"completed_at", "2026-02-03T10:00:00Z"}}).status, 400);
    EXPECT_TRUE(get("ada", path).json().at("completed_at").is_null());
}

TEST_F(Milestones, GoLastUnlessAPlaceIsNamed) {
    const auto project = make_project("ada");
    for (const char* name : {"One", "Two"}) make_milestone("ada", project, {{"name", name}});
    const auto third = make("ada", "/milestones", {{"name", "Three"}, {"position", 9}, {"project", project}});
    EXPECT_EQ(get("ada", "/milestones/" + third).text("position"), "9");
    EXPECT_EQ(get("ada", "/milestones?ordering=position&project=" + project).each("position"),
              (std::vector<std::string>{"1", "2", "9"}));
}

TEST_F(Milestones, ComeBehindTheLastWithoutWaitingForOthersThatDo) {
    const auto project = make_project("ada");
    db::Transaction other(*site().pool, db::Transaction::Mode::write);
    Tx coming(site(), other);
    coming.share("projects.positions " + project);
    other.run(Sql("SELECT true"));
    const auto first = make_milestone("ada", project, {{"name", "One"}});
    make_milestone("ada", project, {{"name", "Two"}});
    std::atomic<bool> is_moved = false;
    std::thread moving([&] {
        EXPECT_EQ(patch("ada", "/milestones/" + first, {{"position", 5}}).status, 200);
        is_moved = true;
    });
    EXPECT_TRUE(until_somebody_waits(*site().pool, is_moved)) << "who moves one does it alone";
    other.roll_back();
    moving.join();
    EXPECT_EQ(get("ada", "/milestones?ordering=position&project=" + project).each("position"),
              (std::vector<std::string>{"2", "5"}));
}

TEST_F(Milestones, ComeBackFromTheTrashOnlyWhereTheirProjectIsOpen) {
    const auto project = make_project("ada");
    const auto path = "/milestones/" + make_milestone("ada", project);
    EXPECT_EQ(remove("ada", path).status, 204);
    EXPECT_EQ(post("ada", "/projects/" + project + "/archive").status, 200);
    EXPECT_EQ(post("ada", path + "/restore").text("code"), "projects.archived");
    EXPECT_EQ(get("ada", path).status, 404);
    EXPECT_EQ(post("ada", "/projects/" + project + "/unarchive").status, 200);
    EXPECT_EQ(post("ada", path + "/restore").status, 200);
}

TEST_F(Milestones, TakeThePlaceThatTheyAreGivenAndTheOthersMakeRoom) {
    const auto project = make_project("ada");
    const auto elsewhere = make_milestone("ada", make_project("ada"), {{"position", 2}});
    std::map<std::string, std::string> ids;
    for (const char* name : {"One", "Two", "Three"})
        ids[name] = make_milestone("ada", project, {{"name", name}});
    ids["Nine"] = make_milestone("ada", project, {{"name", "Nine"}, {"position", 9}});
    const auto order = [&] {
        std::vector<std::string> told;
        const Answer listed = get("ada", "/milestones?ordering=position&project=" + project);
        const auto names = listed.each("name");
        const auto places = listed.each("position");
        for (std::size_t i = 0; i < names.size(); ++i) told.push_back(places[i] + " " + names[i]);
        return told;
    };
    using Order = std::vector<std::string>;
    make_milestone("ada", project, {{"name", "New"}, {"position", 2}});
    EXPECT_EQ(order(), (Order{"1 One", "2 New", "3 Two", "4 Three", "9 Nine"}))
        << "as far as there is no gap";
    EXPECT_EQ(patch("ada", "/milestones/" + ids["Three"], {{"position", 1}}).text("position"), "1");
    EXPECT_EQ(order(), (Order{"1 Three", "2 One", "3 New", "4 Two", "9 Nine"}));
    EXPECT_EQ(patch("ada", "/milestones/" + ids["Three"], {{"name", "First"}}).status, 200);
    EXPECT_EQ(get("ada", "/milestones/" + ids["Nine"]).text("version"), "1") << "who needn't move stays";
    EXPECT_EQ(get("ada", "/milestones/" + elsewhere).text("position"), "2");
    EXPECT_EQ(patch("ada", "/milestones/" + ids["One"], {{"position", 5}}).status, 200);
    EXPECT_EQ(order(), (Order{"1 First", "3 New", "4 Two", "5 One", "9 Nine"}));
}

TEST_F(Milestones, StandAloneAtTheVeryEnd) {
    const auto project = make_project("ada");
    make_milestone("ada", project, {{"name", "End"}, {"position", 100000}});
    const Answer refused =
        post("ada", "/milestones", {{"project", project}, {"name", "Beyond"}, {"position", 100000}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.text("errors.position.0"), "");
    EXPECT_EQ(get("ada", "/milestones?project=" + project).each("position"),
              std::vector<std::string>{"100000"});
}

TEST_F(Milestones, MoveUpWhenOneStandsAtTheVeryEnd) {
    const auto project = make_project("ada");
    const auto put_at = [&](const std::string& name, int position) {
        return make("ada", "/milestones", {{"name", name}, {"position", position}, {"project", project}});
    };
    put_at("End", 100000);
    put_at("Middle", 50);
    const auto last = put_at("New", 0);
    EXPECT_EQ(get("ada", "/milestones?ordering=position&project=" + project).each("name"),
              (std::vector<std::string>{"Middle", "End", "New"}));
    EXPECT_EQ(get("ada", "/milestones/" + last).text("position"), "3");
    EXPECT_EQ(patch("ada", "/milestones/" + last, {{"position", 100000}}).status, 200);
    EXPECT_EQ(patch("ada", "/milestones/" + last, {{"position", 0}}).text("position"), "3");
}

TEST_F(Milestones, AreSignedOffOnce) {
    const auto path = shared_milestone();
    EXPECT_EQ(post("nala", path + "/sign-off").status, 409);
    post("ada", path + "/complete");
    const Answer signed_off = post("nala", path + "/sign-off");
    EXPECT_EQ(signed_off.text("signed_off_by"), user("nala"));
    clock().advance(std::chrono::minutes(5));
    EXPECT_EQ(post("nala", path + "/sign-off").body, signed_off.body);
}

TEST_F(Milestones, StayAsTheyWereSignedOff) {
    const auto path = shared_milestone();
    post("ada", path + "/complete");
    post("nala", path + "/sign-off");
    for (const Body& change :
         {Body{{"acceptance", "Anything goes"}}, Body{{"due_on", "2026-12-24"}}, Body{{"name", "Other"}}})
        EXPECT_EQ(patch("ada", path, change).text("type"), "/problems/projects.signed_off") << change;
    EXPECT_EQ(remove("ada", path).status, 409);
    EXPECT_EQ(patch("ada", path, {{"reward", "Lunch"}}).status, 200);
    EXPECT_TRUE(post("ada", path + "/reopen").json().at("signed_off_at").is_null());
    EXPECT_EQ(patch("ada", path, {{"name", "Other"}}).status, 200);
}

TEST_F(Milestones, StayInTheirProject) {
    const auto milestone = make_milestone("ada", make_project("ada"));
    EXPECT_GE(patch("ada", "/milestones/" + milestone, {{"project", make_project("ada")}}).status, 400);
}

TEST_F(Milestones, AreNotSeenUntilTheyAreShared) {
    const auto path = shared_milestone();
    EXPECT_EQ(get("nala", path).status, 200);
    EXPECT_EQ(patch("ada", path, {{"shared_with_client", false}}).status, 200);
    EXPECT_EQ(get("nala", path).status, 404);
    EXPECT_EQ(post("nala", path + "/sign-off").status, 404);
}

class Members : public Milestones {};

TEST_F(Members, JoinAProjectOnce) {
    const auto project = make_project("ada");
    join("ada", project, "bob", "member");
    const Answer refused = post("ada", "/members", {{"project", project}, {"member", user("bob")}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("errors.member.0"), "This user is a member of the project already.");
}

TEST_F(Members, OfTheClientAreClientsAndNothingElse) {
    const auto project = make_project("ada");
    const auto body = [&](const std::string& who, const std::string& role) {
        return Body{{"project", project}, {"member", user(who)}, {"role", role}};
    };
    EXPECT_EQ(post("ada", "/members", body("nala", "lead")).status, 422);
    EXPECT_EQ(post("ada", "/members", body("bob", "client")).status, 422);
    const auto membership = make("ada", "/members", body("nala", "client"));
    EXPECT_EQ(patch("ada", "/members/" + membership, {{"role", "member"}}).status, 422);
    EXPECT_EQ(sql("SELECT role FROM projects_member WHERE id = $1", membership), "client");
}

TEST_F(Members, WorkAtMostAWeekAWeek) {
    const auto membership = join("ada", make_project("ada"), "bob", "member");
    EXPECT_EQ(patch("ada", "/members/" + membership, {{"allocation", "168"}}).status, 200);
    EXPECT_EQ(patch("ada", "/members/" + membership, {{"allocation", "168.5"}}).status, 422);
}

}  // namespace
}  // namespace tamiti::test
