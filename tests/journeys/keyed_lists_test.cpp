#include <algorithm>
#include <set>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Lists of people who don't see everything answer what an admin's list of the same rows does.
class KeyedLists : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("visitor");
        seen = project("SEEN", user("ada"));
        hidden = project("HIDDEN", user("boss"));
        fill(seen, 60);
        fill(hidden, 60);
    }

    static std::string project(const std::string& code, const std::string& owner) {
        return make("boss", "/projects", {{"code", code}, {"name", "Project " + code}, {"owner", owner}});
    }

    /// Milestones with equal and missing dates, of which each tenth has the word "teal".
    static void fill(const std::string& project, int rows) {
        constexpr int at_once = 1'000;  // no statement runs for long
        for (int from = 1; from <= rows; from += at_once)
            sql(R"(WITH made AS (
                       INSERT INTO projects_milestone (id, project, name, description, due_on, position)
                       SELECT gen_random_uuid(), $1::uuid, 'Step ' || n % 7,
                              CASE WHEN n % 10 = 0 THEN 'teal' ELSE '' END,
                              CASE WHEN n % 4 > 0 THEN date '2026-01-01' + n % 5 END, n
                       FROM generate_series($2::int, $3::int) n RETURNING 1)
                   SELECT count(*) FROM made)",
                project, from, std::min(rows, from + at_once - 1));
    }

    /// Asks as ada, and as an admin of one project's rows alone: the same rows, count and order.
    static void expect_the_same(const std::string& of, const std::string& query) {
        const Answer hers = get("ada", "/milestones?" + query);
        const Answer all = get("boss", "/milestones?" + query + "&project=" + of);
        EXPECT_EQ(hers.status, all.status) << query;
        if (all.status != 200) return;
        EXPECT_EQ(hers.ids(), all.ids()) << query;
        EXPECT_EQ(hers.text("count"), all.text("count")) << query;
        EXPECT_EQ(hers.text("count_exact"), all.text("count_exact")) << query;
        EXPECT_EQ(hers.text("next") == "null", all.text("next") == "null") << query;
        EXPECT_EQ(hers.text("previous") == "null", all.text("previous") == "null") << query;
    }

    static inline std::string seen, hidden;
};

TEST_F(KeyedLists, AnswerWhatAnAdminsListOfTheSameRowsDoes) {
    for (const char* ordering :
         {"due_on", "-due_on", "name", "-name", "position", "-completed_at", "name,-due_on"})
        for (const char* query :
             {"", "&page=2", "&page=3", "&page=4", "&page_size=60", "&page_size=61",
              "&cursor=", "&count=exact", "&count=none", "&count=estimated", "&due_on=2026-01-02",
              "&due_on__isnull=true", "&search=teal", "&search=teall"})
            expect_the_same(seen, "ordering=" + std::string(ordering) + query);
    EXPECT_EQ(get("ada", "/milestones").count(), 60);
    EXPECT_EQ(get("visitor", "/milestones").count(), 0);
    EXPECT_EQ(get("visitor", "/milestones?page=2").status, 404);
}

TEST_F(KeyedLists, CursorsWalkInTheSameOrderAsPages) {
    for (const char* ordering : {"due_on", "-due_on", "name", "-completed_at"}) {
        const std::string path = "/milestones?page_size=7&ordering=" + std::string(ordering);
        const auto pages = walk("ada", path);
        EXPECT_EQ(pages.size(), 60U);
        EXPECT_EQ(pages, walk("ada", path + "&cursor=")) << ordering;
        EXPECT_EQ(pages, walk("boss", path + "&project=" + seen)) << ordering;
    }
}

TEST_F(KeyedLists, FiltersThroughAReferenceReachVisibleRowsOnly) {
    EXPECT_EQ(get("ada", "/milestones?project__code=SEEN").count(), 60);
    EXPECT_EQ(get("ada", "/milestones?project__code=HIDDEN").count(), 0);
    EXPECT_EQ(get("boss", "/milestones?project__code=HIDDEN").count(), 60);
    EXPECT_EQ(get("ada", "/milestones?project__code__in=HIDDEN,SEEN&due_on=2026-01-02").count(),
              get("boss", "/milestones?project__code=SEEN&due_on=2026-01-02").count());
}

TEST_F(KeyedLists, WordsOfHiddenRowsAreNotFound) {
    const std::string row = make("boss", "/milestones", {{"project", hidden}, {"name", "Vermilion"}});
    EXPECT_EQ(get("boss", "/milestones?search=vermilion").ids(), std::vector<std::string>{row});
    for (const char* word : {"vermilion", "vermil", "vermillion"})
        EXPECT_EQ(get("ada", "/milestones?search=" + std::string(word)).count(), 0) << word;
}

TEST_F(KeyedLists, ASearchIsByLikenessOnlyWhereWordsFindNothing) {
    const std::string words = project("WORDS", user("dora"));
    make("boss", "/milestones", {{"project", words}, {"name", "Photography of food"}});
    make("boss", "/milestones", {{"project", words}, {"name", "Photograhpy of people"}});
    EXPECT_EQ(get("dora", "/milestones?search=photography").each("name"),
              std::vector<std::string>{"Photography of food"});
    EXPECT_EQ(get("dora", "/milestones?search=photographu").count(), 2);
    EXPECT_EQ(get("dora", "/milestones?search=photography&page=2").status, 404)
        << "not the second page of what is like it";
    EXPECT_EQ(get("dora", "/milestones?search=photography&ordering=name&cursor=").ids().size(), 1U);
}

TEST_F(KeyedLists, TheTrashIsListedToWhoMayBringBack) {
    const std::string row = make("ada", "/milestones", {{"project", seen}, {"name", "Thrown away"}});
    const std::string other = make("boss", "/milestones", {{"project", hidden}, {"name", "Thrown too"}});
    EXPECT_EQ(remove("ada", "/milestones/" + row).status, 204);
    EXPECT_EQ(remove("boss", "/milestones/" + other).status, 204);
    EXPECT_EQ(get("ada", "/milestones?deleted=true").ids(), std::vector<std::string>{row});
    EXPECT_EQ(get("ada", "/milestones?deleted=true&ordering=-name&cursor=").ids(),
              std::vector<std::string>{row});
    EXPECT_EQ(get("visitor", "/milestones?deleted=true").count(), 0);
    EXPECT_EQ(get("ada", "/milestones?search=thrown").count(), 0);
}

TEST_F(KeyedLists, WhoReachesManyProjectsSeesTheSame) {
    user("collector");
    sql("WITH made AS (INSERT INTO projects_project (id, code, name, owner) "
        "SELECT gen_random_uuid(), 'MANY-' || n, 'One of many', $1::uuid FROM generate_series(1, 150) n "
        "RETURNING id), filled AS (INSERT INTO projects_milestone (id, project, name, due_on) "
        "SELECT gen_random_uuid(), id, 'Of many', date '2026-03-01' FROM made RETURNING 1) "
        "SELECT count(*) FROM filled",
        user("collector"));
    for (const char* query :
         {"", "&ordering=-name", "&cursor=&ordering=name", "&search=many&ordering=name"}) {
        const auto hers = walk("collector", "/milestones?page_size=40" + std::string(query));
        EXPECT_EQ(hers.size(), 150U) << query;
        EXPECT_EQ(hers, walk("boss", "/milestones?page_size=40&due_on=2026-03-01" + std::string(query)))
            << query;
    }
    EXPECT_EQ(get("collector", "/milestones").count(), 150);
    EXPECT_EQ(get("collector", "/milestones?project__status=planning").count(), 150);
    EXPECT_EQ(get("collector", "/milestones?search=many").count(), 150);
}

TEST_F(KeyedLists, AreCountedUpToTenThousandAndPagedBeyond) {
    const std::string large = project("LARGE", user("carol"));
    fill(large, 10'000);
    EXPECT_EQ(get("carol", "/milestones").text("count"), "10000");
    EXPECT_EQ(get("carol", "/milestones").text("count_exact"), "");
    EXPECT_EQ(get("carol", "/milestones?page=400").ids().size(), 25U);
    EXPECT_EQ(get("carol", "/milestones?page=400").text("next"), "null");
    EXPECT_EQ(get("carol", "/milestones?page=401").status, 404);

    make("carol", "/milestones", {{"project", large}, {"name", "One too many"}});
    const std::string both = "&project=" + large;
    for (const char* ordering : {"due_on", "-due_on", "name", "-completed_at"})
        for (const char* page : {"&page=1", "&page=40", "&page=400", "&page=401", "&page=402",
                                 "&cursor=", "&count=none&page=300", "&count=exact&page=2"}) {
            const std::string query = "ordering=" + std::string(ordering) + page;
            const Answer hers = get("carol", "/milestones?" + query);
            const Answer all = get("boss", "/milestones?" + query + both);
            EXPECT_EQ(hers.status, all.status) << query;
            if (all.status == 200) EXPECT_EQ(hers.ids(), all.ids()) << query;
        }
    const Answer first = get("carol", "/milestones");
    EXPECT_EQ(first.text("count"), "10000");
    EXPECT_EQ(first.text("count_exact"), "false");
    EXPECT_EQ(get("carol", "/milestones?page=401").text("count"), "10001") << "so many were just shown";
    EXPECT_EQ(get("carol", "/milestones?count=exact").text("count"), "10001");
    EXPECT_EQ(get("carol", "/milestones?count=exact").text("count_exact"), "");
    const auto steps = walk("carol", "/milestones?page_size=200&ordering=due_on&cursor=");
    EXPECT_EQ(steps.size(), 10'001U);
    EXPECT_EQ(std::set<std::string>(steps.begin(), steps.end()).size(), 10'001U);
    EXPECT_EQ(steps, walk("boss", "/milestones?page_size=200&ordering=due_on&cursor=" + both));

    const Answer steps_found = get("carol", "/milestones?search=step");
    EXPECT_EQ(steps_found.text("count"), "10000");
    EXPECT_EQ(get("carol", "/milestones?search=teal").text("count"), "1000");
    EXPECT_EQ(get("carol", "/search?q=teal&limit=50").ids().size(), 50U);
    EXPECT_EQ(get("visitor", "/search?q=teal").ids().size(), 0U);
}

}  // namespace
}  // namespace tamiti::test
