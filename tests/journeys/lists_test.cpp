#include <boost/json/object.hpp>
#include <set>

#include "core/base/json.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What every list of the API promises, shown with milestones of two projects.
class Lists : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        first =
            make("boss", "/projects", {{"code", "FIRST"}, {"name", "Festival film"}, {"owner", user("ada")}});
        second = make("boss", "/projects", {{"code", "SECOND"}, {"name", "Website"}, {"priority", "urgent"}});
        for (int i = 1; i <= 30; ++i) {
            const std::string number = std::to_string(i);
            Object step = {{"project", first}, {"name", "Step " + number}};
            if (i % 5 != 0) step["due_on"] = (i < 10 ? "2026-03-0" : "2026-03-") + number;
            make("boss", "/milestones", step);
        }
        make("boss", "/milestones",
             {{"project", second}, {"name", "Launch of the homepage"}, {"due_on", "2026-04-01"}});
    }

    static inline std::string first;
    static inline std::string second;
};

TEST_F(Lists, AnswersCountLinksAndResults) {
    const Answer page = get("boss", "/milestones?project=" + first);
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.count(), 30);
    EXPECT_EQ(page.ids().size(), 25U);
    EXPECT_EQ(page.text("previous"), "null");
    const Answer last = get("boss", page.text("next"));
    EXPECT_EQ(last.ids().size(), 5U);
    EXPECT_EQ(last.text("next"), "null");
    EXPECT_NE(last.text("previous").find("page=1"), std::string::npos);
}

TEST_F(Lists, PagesNeverOverlapEvenWhereTheOrderingIsEqualOrEmpty) {
    for (const char* ordering : {"due_on", "-due_on", "name", "-position"}) {
        for (const char* paging : {"", "&cursor="}) {
            const auto ids =
                walk("boss", "/milestones?page_size=7&ordering=" + std::string(ordering) + paging);
            EXPECT_EQ(ids.size(), 31U) << ordering << paging;
            EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 31U) << ordering << paging;
        }
    }
}

TEST_F(Lists, CursorsWalkInTheSameOrderAsPages) {
    for (const char* ordering : {"due_on", "-due_on", "-name"}) {
        const std::string path = "/milestones?page_size=4&ordering=" + std::string(ordering);
        EXPECT_EQ(walk("boss", path), walk("boss", path + "&cursor=")) << ordering;
    }
}

TEST_F(Lists, ARowThatIsAddedMeanwhileMovesNothingUnderACursor) {
    const std::string path = "/milestones?page_size=10&cursor=&ordering=name&project=" + first;
    const Answer page = get("boss", path);
    const std::string added = make("boss", "/milestones", {{"project", first}, {"name", "AAA first of all"}});
    auto ids = walk("boss", page.text("next"));
    const auto shown = page.ids();
    ids.insert(ids.end(), shown.begin(), shown.end());
    EXPECT_EQ(ids.size(), 30U);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 30U);
    EXPECT_EQ(remove("boss", "/milestones/" + added).status, 204);
}

TEST_F(Lists, RefusesAChangedOrForeignCursor) {
    const std::string next = get("boss", "/milestones?page_size=5&cursor=").text("next");
    const std::string cursor = next.substr(next.find("cursor=") + 7);
    EXPECT_EQ(get("boss", "/milestones?page_size=5&cursor=" + cursor).status, 200);
    std::string changed = cursor;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    for (const std::string& path :
         {"/milestones?cursor=" + changed, "/milestones?ordering=-name&cursor=" + cursor,
          "/projects?cursor=" + cursor, std::string("/milestones?cursor=nonsense")}) {
        const Answer answer = get("boss", path);
        EXPECT_EQ(answer.status, 400) << path;
        EXPECT_EQ(answer.text("code"), "http.bad_cursor") << path;
    }
    EXPECT_EQ(get("ada", "/milestones?page_size=5&cursor=" + cursor).status, 400)
        << "another person's cursor";
}

TEST_F(Lists, FiltersByValueSetRangeAndAbsence) {
    EXPECT_EQ(get("boss", "/milestones?project=" + second).each("name"),
              std::vector<std::string>{"Launch of the homepage"});
    EXPECT_EQ(get("boss", "/milestones?project__in=" + first + "," + second).count(), 31);
    EXPECT_EQ(
        get("boss", "/milestones?due_on__gte=2026-03-28&due_on__lt=2026-04-01&ordering=due_on").each("name"),
        (std::vector<std::string>{"Step 28", "Step 29"}));
    EXPECT_EQ(get("boss", "/milestones?completed_at__isnull=false").count(), 0);
    EXPECT_EQ(get("boss", "/projects?owner=" + user("ada")).each("code"), std::vector<std::string>{"FIRST"});
    EXPECT_EQ(get("ada", "/projects?owner=me").each("code"), std::vector<std::string>{"FIRST"});
    EXPECT_EQ(get("boss", "/projects?status__in=planning,active&ordering=code").each("code"),
              (std::vector<std::string>{"FIRST", "SECOND"}));
}

TEST_F(Lists, FiltersThroughAReference) {
    EXPECT_EQ(get("boss", "/milestones?project__priority=urgent").each("name"),
              std::vector<std::string>{"Launch of the homepage"});
    EXPECT_EQ(get("boss", "/milestones?project__code__in=SECOND,NONE").count(), 1);
    EXPECT_EQ(get("boss", "/milestones?project__nothing=1").status, 400);
}

TEST_F(Lists, NamesTheFiltersThatExistWhenOneDoesNot) {
    const Answer answer = get("boss", "/milestones?colour=red");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.text("code"), "http.unknown_filter");
    EXPECT_NE(answer.text("detail").find("due_on__gte"), std::string::npos);
    EXPECT_FALSE(answer.text("errors.colour.0").empty());
}

TEST_F(Lists, RefusesValuesThatAFilterCannotHave) {
    for (const char* query : {"project=nonsense", "due_on__gte=yesterday-ish",
                              "project__in=", "shared_with_client=perhaps", "completed_at__gt=2026-13-01"})
        EXPECT_EQ(get("boss", "/milestones?" + std::string(query)).status, 400) << query;
}

TEST_F(Lists, RefusesBadPagingAndOrdering) {
    for (const char* query : {"page=0", "page=-1", "page=x", "page_size=0", "page_size=201",
                              "ordering=secret", "ordering=description", "count=perhaps", "cursor=&page=2",
                              "fields=nothing", "expand=name", "page=99999999999"})
        EXPECT_EQ(get("boss", "/milestones?" + std::string(query)).status, 400) << query;
    for (const char* count : {"", "&count=exact", "&count=estimated", "&count=none"})
        EXPECT_EQ(get("boss", "/milestones?page=4" + std::string(count)).status, 404)
            << "beyond the last page" << count;
}

TEST_F(Lists, OrdersChoicesAsTheyAreDeclaredAndNotByName) {
    for (const char* status : {"review", "cancelled", "active", "on_hold", "planning", "complete"}) {
        const std::string code = "O-" + std::to_string(std::string(status).size()) +
                                 std::string(1, static_cast<char>(std::toupper(status[0])));
        const std::string id = make("boss", "/projects", {{"code", code}, {"name", "Ordered"}});
        transact(site(), Actor::system(), [&](Tx& tx) {
            tx.execute({"UPDATE projects_project SET status = {} WHERE id = {}", std::string(status), id});
        });
    }
    const std::string path = "/projects?code__in=O-6R,O-9C,O-6A,O-7O,O-8P,O-8C&fields=id,status&ordering=";
    const std::vector<std::string> declared = {"planning", "active",   "on_hold",
                                               "review",   "complete", "cancelled"};
    EXPECT_EQ(get("boss", path + "status").each("status"), declared);
    EXPECT_EQ(get("boss", path + "-status").each("status"),
              std::vector<std::string>(declared.rbegin(), declared.rend()));
    for (const char* ordering : {"status", "-status"})
        EXPECT_EQ(walk("boss", path + ordering + "&page_size=2&cursor="), get("boss", path + ordering).ids());
}

TEST_F(Lists, KnowsTodayOfSomebodyWhoseTimeZoneIsNoMore) {
    user("traveller", {Role::admin});
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute(Sql("UPDATE users_user SET time_zone = 'Mars/Olympus' WHERE username = 'traveller'"));
    });
    EXPECT_EQ(get("traveller", "/milestones?due_on__gte=today").status, 200);
    EXPECT_EQ(get("traveller", "/projects/summary?group=created_at:week").status, 200);
}

TEST_F(Lists, CountsOnlyWhenAsked) {
    EXPECT_EQ(get("boss", "/milestones?count=none").text("count"), "null");
    EXPECT_EQ(get("boss", "/milestones?count=exact").count(), 31);
    const Answer estimated = get("boss", "/milestones?count=estimated");
    EXPECT_EQ(estimated.count(), 31);
    EXPECT_EQ(estimated.text("count_exact"), "") << "a planner's figure would tell of hidden rows";
}

TEST_F(Lists, SearchesWordsBeginningsAndMisspellings) {
    const std::vector<std::string> launch = {"Launch of the homepage"};
    EXPECT_EQ(get("boss", "/milestones?search=launch").each("name"), launch);
    EXPECT_EQ(get("boss", "/milestones?search=homep").each("name"), launch);
    EXPECT_EQ(get("boss", "/milestones?search=homepgae").each("name"), launch);
    EXPECT_EQ(get("boss", "/milestones?search=zebra").count(), 0);
    EXPECT_EQ(get("boss", "/milestones?search='%20OR%201=1--").count(), 0);
}

TEST_F(Lists, ShowsOnlyTheFieldsThatWereAskedFor) {
    const Answer page = get("boss", "/milestones?fields=name,due_on&project=" + second);
    EXPECT_EQ(json::text_of(page.json().at("results")),
              R"([{"name":"Launch of the homepage","due_on":"2026-04-01"}])");
}

TEST_F(Lists, AnExpandedReferenceIsShownWhateverFieldsLeavesOut) {
    const Answer page = get("boss", "/milestones?fields=name&expand=project&project=" + second);
    EXPECT_EQ(page.each("project.code"), std::vector<std::string>{"SECOND"});
    EXPECT_EQ(get("boss", "/milestones?fields=name&expand=name").status, 400);
}

TEST_F(Lists, ExpandsReferencesTwoDeep) {
    const std::string client =
        make("boss", "/clients", {{"name", "Nile Breeze Coffee"}, {"currency", "UGX"}});
    const Answer project = get("boss", "/projects/" + second);
    ASSERT_EQ(patch("boss", "/projects/" + second, {{"client", client}}).status, 200);
    const Answer page = get("boss", "/milestones?fields=project&expand=project.client&project=" + second);
    EXPECT_EQ(page.each("project.code"), std::vector<std::string>{"SECOND"});
    EXPECT_EQ(page.each("project.client.name"), std::vector<std::string>{"Nile Breeze Coffee"});
    EXPECT_EQ(get("boss", "/milestones?expand=project.client.name").status, 400);
}

TEST_F(Lists, AnExpansionShowsNoMoreThanTheIdOfARowThatTheActorCannotSee) {
    const std::string client = make("boss", "/clients", {{"name", "Hidden client"}, {"currency", "UGX"}});
    const std::string boss = user("boss");
    user("client_person", {Role::client});
    const std::string shown =
        make("boss", "/clients",
             {{"name", "Shown client"}, {"currency", "UGX"}, {"people", {user("client_person")}}});
    make("boss", "/projects", {{"code", "PORTAL"}, {"name", "Portal"}, {"client", shown}, {"owner", boss}});
    const Answer page = get("client_person", "/projects?expand=owner,client&fields=code,owner,client");
    EXPECT_EQ(page.each("code"), std::vector<std::string>{"PORTAL"});
    EXPECT_EQ(page.each("client.name"), std::vector<std::string>{"Shown client"});
    EXPECT_EQ(page.body.find("Hidden client"), std::string::npos);
}

}  // namespace
}  // namespace tamiti::test
