#include <gmock/gmock.h>

#include "apps/projects/service.hpp"
#include "apps/projects/tests/factories.hpp"
#include "core/model/member.hpp"

namespace tamiti::test {
namespace {

class Projects : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::manager});
        user("nala", {Role::client});
    }

    static std::string status_of(const std::string& project) {
        return sql("SELECT status FROM projects_project WHERE id = $1", project);
    }
};

std::string problem(const Answer& answer) {
    return std::to_string(answer.status) + " " + answer.text("type");
}

TEST_F(Projects, WhoeverCreatesAProjectOwnsAndLeadsIt) {
    const auto project = make_project("ada");
    EXPECT_EQ(get("ada", "/projects/" + project).text("owner"), user("ada"));
    EXPECT_EQ(get("ada", "/members?project=" + project).each("member"), std::vector{user("ada")});
    EXPECT_EQ(get("ada", "/members?project=" + project).each("role"), std::vector<std::string>{"lead"});
}

TEST_F(Projects, ANamedOwnerStaysTheOwner) {
    const auto project = make_project("ada", {{"owner", user("bob")}});
    EXPECT_EQ(get("bob", "/projects/" + project).text("owner"), user("bob"));
}

TEST_F(Projects, WhoeverReplacesAProjectWithoutAnOwnerOwnsIt) {
    const auto path = "/projects/" + make_project("ada", {{"code", "OWNED"}});
    user("chief", {Role::manager});
    EXPECT_EQ(put("chief", path, {{"code", "OWNED"}, {"name", "Film"}}).text("owner"), user("chief"));
    EXPECT_EQ(put("chief", path, {{"code", "OWNED"}, {"name", "Film"}, {"owner", user("ada")}}).text("owner"),
              user("ada"));
    EXPECT_EQ(patch("chief", path, {{"name", "Films"}}).text("owner"), user("ada"));
    sql("UPDATE projects_project SET owner = NULL WHERE code = 'OWNED' RETURNING id");
    EXPECT_TRUE(patch("chief", path, {{"name", "Film"}}).json().at("owner").is_null());
}

TEST_F(Projects, AreLeftWithoutAnOwnerByWhoSaysSo) {
    user("chief", {Role::manager});
    const auto path = "/projects/" + make_project("ada", {{"owner", user("bob")}});
    EXPECT_TRUE(patch("chief", path, {{"owner", nullptr}}).json().at("owner").is_null());
    EXPECT_EQ(sql("SELECT count(*) FROM projects_project WHERE id = $1 AND owner IS NULL", path.substr(10)),
              "1");
    EXPECT_TRUE(patch("chief", path, {{"name", "Nobody's"}}).json().at("owner").is_null());
    EXPECT_TRUE(post("ada", "/projects", {{"code", "NOONE"}, {"name", "Film"}, {"owner", nullptr}})
                    .json()
                    .at("owner")
                    .is_null());
}

TEST_F(Projects, GoToTheTrashByTheirOwnerAndComeBackByWhoManagesThem) {
    user("chief", {Role::manager});
    const auto path = "/projects/" + make_project("ada", {{"owner", user("bob")}});
    EXPECT_EQ(remove("ada", path).status, 403) << "who leads it doesn't own it";
    EXPECT_EQ(remove("bob", path).status, 204);
    EXPECT_EQ(get("bob", path).status, 404);
    EXPECT_EQ(post("ada", path + "/restore").status, 404);
    EXPECT_EQ(post("chief", path + "/restore").status, 200);
    EXPECT_EQ(get("ada", path).status, 200);
}

TEST_F(Projects, StayOpenWhileSomethingInThemChanges) {
    const auto project = make_project("ada");
    const auto archive_now = [&] {
        const auto other = site().pool->acquire();
        return other->run("SELECT id FROM projects_project WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",
                          db::Params::of(project));
    };
    transact(site(), Actor::system(), [&](Tx& tx) {
        projects::require_open(tx, {Uuid::parse(project).value()});
        EXPECT_TRUE(archive_now().empty()) << "archived between the look and the change";
    });
    EXPECT_EQ(archive_now().size(), 1);
}

TEST_F(Projects, TellOthersWhenTheyAreArchived) {
    const auto project = make_project("ada");
    const auto told = [&] {
        return sql("SELECT count(*) FROM core_event WHERE name = 'projects.archived' AND aggregate = $1",
                   project);
    };
    EXPECT_EQ(post("ada", "/projects/" + project + "/archive").status, 200);
    EXPECT_EQ(told(), "1");
    post("ada", "/projects/" + project + "/archive");
    post("ada", "/projects/" + project + "/unarchive");
    EXPECT_EQ(told(), "1");
}

TEST_F(Projects, TheOwnerIsOnTheStaff) {
    const Answer refused =
        post("ada", "/projects", {{"code", "CL"}, {"name", "Film"}, {"owner", user("nala")}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.owner.0"), "No member of staff has this id.");
}

TEST_F(Projects, TheStatusMovesAlongTheAllowedStepsOnly) {
    const auto project = make_project("ada");
    const std::string path = "/projects/" + project;
    const Answer refused = patch("ada", path, {{"status", "review"}});
    EXPECT_EQ(problem(refused), "409 /problems/projects.transition");
    EXPECT_EQ(refused.text("detail"),
              "A project that is planning can't become review. From here it can become: active, on_hold, "
              "cancelled.");
    EXPECT_EQ(status_of(project), "planning");
    for (const char* step : {"active", "review", "complete", "active", "cancelled", "planning"})
        EXPECT_EQ(patch("ada", path, {{"status", step}}).status, 200) << step;
    EXPECT_EQ(status_of(project), "planning");
}

TEST_F(Projects, EveryStatusHasAWayOn) {
    for (const auto& name : enum_names<projects::Status>()) {
        const auto project = make_project("ada", {{"status", name}});
        bool moved = false;
        for (const auto& next : enum_names<projects::Status>())
            if (next != name)
                moved = moved || patch("ada", "/projects/" + project, {{"status", next}}).status == 200;
        EXPECT_TRUE(moved) << name;
    }
}

TEST_F(Projects, ACodeIsCapitalLettersDigitsAndHyphens) {
    for (const char* code : {"kcb", "K", "K B", "KCB_26", "KCB-2026-LONG1"}) {
        const Answer refused = post("ada", "/projects", {{"code", code}, {"name", "Film"}});
        EXPECT_EQ(refused.status, 422) << code;
        EXPECT_NE(refused.text("errors.code.0"), "") << code;
    }
}

TEST_F(Projects, ACodeIsUsedOnceAndFreeAgainFromTheTrash) {
    const auto project = make_project("ada", {{"code", "ONCE"}});
    const Body again = {{"code", "ONCE"}, {"name", "Again"}};
    const Answer refused = post("bob", "/projects", again);
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.text("errors.code.0"), "");
    EXPECT_EQ(remove("boss", "/projects/" + project).status, 204);
    EXPECT_EQ(post("bob", "/projects", again).status, 201);
}

TEST_F(Projects, TheDueDateIsNotBeforeTheStart) {
    const auto project = make_project("ada", {{"start_on", "2026-03-02"}, {"due_on", "2026-03-02"}});
    const Answer refused = patch("ada", "/projects/" + project, {{"due_on", "2026-03-01"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.due_on.0"), "The due date can't be before the start date.");
    EXPECT_EQ(get("ada", "/projects/" + project).text("due_on"), "2026-03-02");
}

TEST_F(Projects, NothingInAnArchivedProjectChanges) {
    const auto project = make_project("ada");
    const auto milestone = make_milestone("ada", project);
    const std::string path = "/projects/" + project;
    EXPECT_EQ(post("ada", path + "/archive").text("archived"), "true");
    EXPECT_EQ(post("ada", path + "/archive").status, 200);
    const std::string archived = "409 /problems/projects.archived";
    EXPECT_EQ(problem(patch("ada", path, {{"name", "Other"}})), archived);
    EXPECT_EQ(problem(patch("ada", "/milestones/" + milestone, {{"name", "Other"}})), archived);
    EXPECT_EQ(problem(post("ada", "/milestones/" + milestone + "/complete")), archived);
    EXPECT_EQ(problem(remove("ada", "/milestones/" + milestone)), archived);
    EXPECT_EQ(problem(post("ada", "/milestones", {{"project", project}, {"name", "New"}})), archived);
    EXPECT_EQ(problem(post("ada", "/members", {{"project", project}, {"member", user("bob")}})), archived);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_member WHERE project = $1", project), "1");
    EXPECT_TRUE(get("ada", "/projects?id=" + project).ids().empty()) << "lists leave it out";
    EXPECT_EQ(get("ada", "/projects?archived=true&id=" + project).ids(), std::vector{project});
    EXPECT_EQ(get("ada", "/projects?archived__in=true,false&id=" + project).ids(), std::vector{project});
    EXPECT_EQ(get("ada", path).status, 200);
    EXPECT_EQ(post("ada", path + "/unarchive").text("archived"), "false");
    EXPECT_EQ(patch("ada", path, {{"name", "Other"}}).status, 200);
}

TEST_F(Projects, ArchivingIsAVerbAndNoField) {
    const auto project = make_project("ada");
    EXPECT_EQ(patch("ada", "/projects/" + project, {{"archived", true}}).status, 400);
    EXPECT_EQ(get("ada", "/projects/" + project).text("archived"), "false");
}

TEST_F(Projects, MilestonesGoToTheTrashWithTheirProject) {
    const auto project = make_project("ada");
    const auto milestone = make_milestone("ada", project);
    EXPECT_EQ(remove("boss", "/projects/" + project).status, 204);
    EXPECT_EQ(get("boss", "/milestones/" + milestone).status, 404);
    EXPECT_EQ(get("boss", "/members?project=" + project).count(), 0);
    EXPECT_EQ(
        sql("SELECT count(*) FROM projects_milestone WHERE id = $1 AND deleted_at IS NOT NULL", milestone),
        "1");
}

TEST_F(Projects, AreFoundByCodeNameAndDescription) {
    const auto film = make_project("ada", {{"code", "QX-77"}, {"name", "Zebra documentary"}});
    const auto book =
        make_project("ada", {{"name", "Picture book"}, {"description", "With a zebra on the cover."}});
    EXPECT_EQ(get("ada", "/projects?search=zebra").ids(), (std::vector{film, book}));
    EXPECT_EQ(get("ada", "/projects?search=QX-77").ids(), std::vector{film});
    EXPECT_EQ(get("ada", "/projects?search=docmentary").ids(), std::vector{film});
    EXPECT_EQ(get("bob", "/projects?search=zebra").count(), 0);
}

TEST_F(Projects, AreFilteredAndOrdered) {
    const auto first = make_project("cleo", {{"name", "B"}, {"status", "active"}, {"due_on", "2026-05-01"}});
    const auto second = make_project("cleo", {{"name", "A"}, {"status", "review"}, {"due_on", "2026-04-01"}});
    const auto third = make_project("cleo", {{"name", "C"}, {"priority", "urgent"}});
    EXPECT_EQ(get("cleo", "/projects").ids(), (std::vector{second, first, third}));
    EXPECT_EQ(get("cleo", "/projects?status__in=active,review&ordering=due_on").ids(),
              (std::vector{second, first}));
    EXPECT_EQ(get("cleo", "/projects?due_on__lte=2026-04-15").ids(), std::vector{second});
    EXPECT_EQ(get("cleo", "/projects?due_on__isnull=true").ids(), std::vector{third});
    EXPECT_EQ(get("cleo", "/projects?priority=urgent&owner=me").ids(), std::vector{third});
    const auto milestone = make_milestone("cleo", second);
    make_milestone("cleo", first);
    EXPECT_EQ(get("cleo", "/milestones?project__status=review").ids(), std::vector{milestone});
}

TEST_F(Projects, AreOverduePastTheirDueDateUntilTheyEnd) {
    const Date today = std::chrono::floor<std::chrono::days>(clock().now());
    const auto day = [&](int offset) { return format(today + std::chrono::days(offset)); };
    const auto late = make_project("finn", {{"due_on", day(-3)}, {"status", "active"}});
    make_project("finn", {{"due_on", day(3)}});
    make_project("finn", {{"due_on", day(-3)}, {"status", "complete"}});
    make_project("finn");
    EXPECT_EQ(get("finn", "/projects?is_overdue=true").ids(), std::vector{late});
    EXPECT_EQ(get("finn", "/projects/" + late).text("is_overdue"), "true");
    const auto milestone = make_milestone("finn", late, {{"due_on", day(-2)}});
    make_milestone("finn", late, {{"due_on", day(2)}});
    EXPECT_EQ(get("finn", "/milestones?is_overdue=true").ids(), std::vector{milestone});
    EXPECT_EQ(post("finn", "/milestones/" + milestone + "/complete").status, 200);
    EXPECT_TRUE(get("finn", "/milestones?is_overdue=true").ids().empty());
}

TEST_F(Projects, TellTheStaffHowFarTheyAre) {
    const auto project = make_project("gus");
    const std::string path = "/projects/" + project;
    EXPECT_TRUE(get("gus", path).json().at("progress").is_null()) << "nothing is to be reached";
    const auto first = make_milestone("gus", project);
    const auto second = make_milestone("gus", project);
    const auto third = make_milestone("gus", project);
    EXPECT_EQ(get("gus", path).text("progress"), "0");
    post("gus", "/milestones/" + first + "/complete");
    post("gus", "/milestones/" + second + "/complete");
    EXPECT_EQ(get("gus", path).text("progress"), "66");
    remove("gus", "/milestones/" + third);
    EXPECT_EQ(get("gus", path).text("progress"), "100") << "what lies in the trash doesn't count";
    post("gus", "/members", {{"project", project}, {"member", user("nala")}, {"role", "client"}});
    EXPECT_EQ(get("nala", path).status, 200);
    EXPECT_EQ(get("nala", path).json().as_object().count("progress"), 0u);
}

TEST_F(Projects, CountTheirMilestonesMembersAndComments) {
    user("nora", {Role::client});
    const auto project = make_project("ada");
    join("ada", project, "bob", "member");
    join("ada", project, "nora", "client");
    make_milestone("ada", project);
    const auto gone = make_milestone("ada", project);
    EXPECT_EQ(remove("ada", "/milestones/" + gone).status, 204);
    const auto say = [&](bool internal) {
        return make("ada", "/comments",
                    {{"on_model", "projects.project"},
                     {"on_row", project},
                     {"body", "Hello"},
                     {"internal", internal}});
    };
    say(true);
    say(false);
    EXPECT_EQ(remove("ada", "/comments/" + say(false)).status, 204);
    const Answer seen = get("bob", "/projects/" + project);
    EXPECT_EQ(seen.text("milestone_count"), "1");
    EXPECT_EQ(seen.text("member_count"), "3");
    EXPECT_EQ(seen.text("comment_count"), "2");
    EXPECT_EQ(get("bob", "/projects?fields=comment_count&id__in=" + project).each("comment_count"),
              std::vector<std::string>{"2"});
    const auto portal = get("nora", "/projects/" + project).json();
    EXPECT_EQ(portal.at("member_count").as_int64(), 3);
    for (const char* hidden : {"milestone_count", "comment_count", "progress"})
        EXPECT_FALSE(portal.as_object().contains(hidden)) << "it counts what clients don't see: " << hidden;
}

TEST_F(Projects, AreFoundByTheirMembers) {
    user("mel");
    user("mona");
    const auto first = make_project("ada"), second = make_project("ada"), own = make_project("mel");
    join("ada", first, "mel", "member");
    join("ada", second, "mona", "member");
    using ::testing::UnorderedElementsAre;
    EXPECT_THAT(get("mel", "/projects?member=me").ids(), UnorderedElementsAre(first, own));
    EXPECT_THAT(get("ada", "/projects?member=" + user("mona")).ids(), UnorderedElementsAre(second));
    EXPECT_THAT(get("ada", "/projects?member=" + user("mel")).ids(), UnorderedElementsAre(first))
        << "of what the actor sees";
    EXPECT_THAT(
        get("ada", "/projects?or=(member.eq." + user("mel") + ",member.eq." + user("mona") + ")").ids(),
        UnorderedElementsAre(first, second));
    EXPECT_THAT(get("ada", "/milestones?project__member=" + user("mel")).ids(), UnorderedElementsAre());
    const auto step = make_milestone("ada", first);
    EXPECT_THAT(get("ada", "/milestones?project__member=" + user("mel")).ids(), UnorderedElementsAre(step));
    EXPECT_EQ(get("ada", "/projects?member=somebody").status, 400);
    EXPECT_EQ(get("ada", "/projects?member__in=" + user("mel")).status, 400);
}

TEST_F(Projects, AreOrderedByTheRankOfTheirPriorityAndTheNewestFirst) {
    user("rita");
    std::map<std::string, std::string> ids;
    for (const char* priority : {"high", "low", "urgent", "medium"})
        ids[priority] = make_project("rita", {{"priority", priority}});
    const std::string later = make_project("rita", {{"priority", "high"}});
    using Ids = std::vector<std::string>;
    EXPECT_EQ(get("rita", "/projects?ordering=-priority").ids(),
              (Ids{ids["urgent"], later, ids["high"], ids["medium"], ids["low"]}));
    EXPECT_EQ(walk("rita", "/projects?ordering=priority&page_size=2&cursor="),
              (Ids{ids["low"], ids["medium"], ids["high"], later, ids["urgent"]}));
    EXPECT_EQ(get("rita", "/projects?ordering=-created_at").ids(),
              (Ids{later, ids["medium"], ids["urgent"], ids["low"], ids["high"]}));
}

TEST_F(Projects, SummariesFindWhatListsFind) {
    const auto project = make_project("hal", {{"name", "Harvest festival"}});
    make_project("hal", {{"name", "Coffee film"}});
    const auto found = [](const std::string& query) {
        return get("hal", "/projects/summary?" + query).count();
    };
    EXPECT_EQ(found("search=harvest"), 1);
    EXPECT_EQ(found("search=festivl"), 1) << "misspelt";
    EXPECT_EQ(found("search=nothing"), 0);
    remove("boss", "/projects/" + project);
    EXPECT_EQ(found("search=harvest"), 0);
    EXPECT_EQ(get("boss", "/projects/summary?deleted=true&search=harvest").count(), 1);
}

TEST_F(Projects, SummariesCountWhatTheActorSees) {
    const Date today = std::chrono::floor<std::chrono::days>(clock().now());
    const auto day = [&](int offset) { return format(today + std::chrono::days(offset)); };
    const auto late = make_project("dora", {{"status", "active"}, {"due_on", day(-3)}});
    make_project("dora", {{"status", "review"}, {"due_on", day(5)}});
    make_project("dora", {{"status", "complete"}, {"due_on", day(-9)}});
    make_project("dora", {{"due_on", day(40)}});
    post("dora", "/projects/" + make_project("dora") + "/archive");
    make_milestone("dora", late, {{"due_on", day(-2)}});
    make_milestone("dora", late, {{"due_on", day(3)}});
    const auto groups = [](const std::string& who, const std::string& path) {
        const std::string body = get(who, path).body;
        return body.substr(body.find("\"groups\":") + 9);
    };
    EXPECT_EQ(
        groups("dora", "/projects/summary?group=status"),
        R"([{"status":"planning","count":1},{"status":"active","count":1},{"status":"review","count":1},)"
        R"({"status":"complete","count":1}]})");
    EXPECT_EQ(groups("dora", "/projects/summary?group=is_overdue"),
              R"([{"is_overdue":false,"count":3},{"is_overdue":true,"count":1}]})");
    const std::string due = "/projects/summary?status__in=planning,active,on_hold,review&due_on__gte=today";
    EXPECT_EQ(groups("dora", due + "&due_on__lte=today%2B14d"), R"([{"count":1}]})");
    EXPECT_EQ(groups("dora", due + "&due_on__lte=today%2B60d"), R"([{"count":2}]})");
    EXPECT_EQ(groups("dora", "/milestones/summary?completed_at__isnull=true&group=is_overdue"),
              R"([{"is_overdue":false,"count":1},{"is_overdue":true,"count":1}]})");
    user("newcomer");
    EXPECT_EQ(groups("newcomer", "/projects/summary"), R"([{"count":0}]})");
}

TEST_F(Projects, TheDemoIsTheSameHoweverOftenItIsLoaded) {
    const auto load = [] {
        transact(site(), Actor::system(), [](Tx& tx) {
            for (const App& app : registry().apps())
                if (app.seed) app.seed(tx);
        });
        std::string counts;
        for (const char* table : {"client", "contact", "project", "member", "milestone"})
            counts +=
                sql("SELECT count(*) FROM projects_" + std::string(table) + " WHERE id::text LIKE '%-%'") +
                " ";
        return counts;
    };
    const std::string once = load();
    EXPECT_EQ(load(), once);
    clock().advance(std::chrono::hours(24 * 40));
    EXPECT_EQ(load(), once) << "what is there stays, whatever the day";
    clock().advance(-std::chrono::hours(24 * 40));
    // Whenever it is loaded, some things are late, some due soon, some done, and nothing was done in the
    // future.
    user("visitor", {Role::admin});
    const auto some = [](const std::string& filters) {
        return std::stoi(get("visitor", filters + "&page_size=1&count=exact").text("count")) > 0;
    };
    for (const char* filters :
         {"/projects?status__in=active,review&due_on__lt=today",
          "/projects?status__in=active,review&due_on__gt=today&due_on__lte=today%2B14d",
          "/projects?status=complete&due_on__lt=today&archived__in=true,false",
          "/milestones?completed_at__isnull=true&due_on__lt=today",
          "/milestones?completed_at__isnull=true&due_on__gte=today&due_on__lte=today%2B14d",
          "/milestones?completed_at__isnull=false"})
        EXPECT_TRUE(some(filters)) << filters;
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone m JOIN projects_project p ON p.id = m.project"
                  " WHERE p.code ~ '^(NBC|MHN|KCC|PSL|LWZ|BDP|RWT|OWT|TS)-' AND greatest(completed_at, "
                  "signed_off_at) >= "
                  "$1::timestamptz",
                  format(clock().now())),
              "0");
    EXPECT_EQ(sql("SELECT count(DISTINCT status) FROM projects_project WHERE code LIKE '___-%' OR code LIKE "
                  "'TS-%'"),
              "6");
    EXPECT_EQ(sql("SELECT count(*) FROM projects_client"), "8");
}

}  // namespace
}  // namespace tamiti::test
