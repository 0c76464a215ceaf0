#include <gmock/gmock.h>

#include "apps/projects/tests/factories.hpp"
#include "core/base/unicode.hpp"

namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// What text and numbers become on their way in, how they compare, and the order they come out in.
class Text : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("manager", {Role::manager});
    }

    static int make_department(const std::string& name) {
        return post("boss", "/departments", {{"name", name}}).status;
    }

    static std::string departments(const std::string& name) {
        return sql("SELECT count(*) FROM users_department WHERE core_same(name) = core_same($1)", name);
    }

    /// The plan of a statement where no table is small.
    static std::string plan_of(const std::string& statement) {
        std::string plan;
        const auto connection = site().pool->acquire();
        connection->run("BEGIN");
        connection->run("SET LOCAL enable_seqscan = off");
        connection->run("SET LOCAL enable_sort = off");
        connection->run("SET LOCAL enable_bitmapscan = off");
        for (const auto& row : connection->run("EXPLAIN (COSTS OFF) " + statement))
            plan += std::string(row.text(0)) + "\n";
        connection->run("ROLLBACK");
        return plan;
    }
};

TEST_F(Text, ANameIsTheSameHoweverItIsTyped) {
    EXPECT_EQ(make_department("Zoë Films"), 201);
    for (const char* again : {"Zoe\u0308 Films", "ZOË  FILMS", " Zoë\u00a0Films\u200b", "Zoë\u3000films"})
        EXPECT_EQ(make_department(again), 409) << again;
    EXPECT_EQ(departments("Zoë Films"), "1");
    EXPECT_EQ(make_department("ΣΟΦΟΣ"), 201);
    EXPECT_EQ(make_department("σοφος"), 409);
    EXPECT_EQ(make_department("Zoe Films"), 201) << "accents tell names apart";
}

TEST_F(Text, TheDatabaseFoldsAsTheProgramDoes) {
    for (const char* text :
         {"Plain  text ", "Zoe\u0308", "ΣΟΦΟΣ σοφος", "Straße STRAẞE", "İstanbul ISPARTA ışık",
          " a\u3000\u00a0b\u200b ", "Ŋŋaanga", "Việt Nam", "می‌خواهم", "👩‍👩‍👧",
          "ＡＢＣ", "Ǆ ǅ ǆ", "\u2800x\u2800", "한국어", "\u1112\u1161\u11ab", "ŉ ǰ ﬁ"})
        EXPECT_EQ(sql("SELECT core_same($1)", std::string(text)), folded(text)) << text;
}

TEST_F(Text, NothingVisibleIsNothing) {
    for (const char* name : {"\u200b", "\u3000", "\u3164", " \u2028 ", "\u2800", "\ufe0f"}) {
        const Answer refused = post("boss", "/clients", {{"name", name}});
        EXPECT_EQ(refused.status, 422) << refused.body;
        EXPECT_EQ(refused.text("errors.name.0"), "This field can't be empty.");
    }
    EXPECT_EQ(sql("SELECT count(*) FROM projects_client"), "0");
}

TEST_F(Text, NamesPhonesAndAddressesHoldNoFormatCharacters) {
    const std::string client = make("boss", "/clients", {{"name", "\u202aNile\u200b Breeze\u202c"}});
    EXPECT_EQ(get("boss", "/clients/" + client).text("name"), "Nile Breeze");
    const std::string contact = make("boss", "/contacts",
                                     {{"client", client},
                                      {"name", "Sa\u00adrah"},
                                      {"phone", "\u202a+256 772\u2060 123456\u202c"},
                                      {"email", "sarah\u200b@nile.example"}});
    const Answer kept = get("boss", "/contacts/" + contact);
    EXPECT_EQ(kept.text("name"), "Sarah");
    EXPECT_EQ(kept.text("phone"), "+256772123456");
    EXPECT_EQ(kept.text("email"), "sarah@nile.example");
    remove("boss", "/clients/" + client);
}

TEST_F(Text, OfOneLineHasNoLineEndsAndNoControlCharacters) {
    for (const char* name : {"two\u2028lines", "two\u0085lines", "it\u0092s"}) {
        const Answer refused = patch("boss", "/users/me", {{"last_name", name}});
        EXPECT_EQ(refused.status, 422) << refused.body;
        EXPECT_EQ(refused.text("errors.last_name.0"), "Must be one line without tabs or control characters.");
    }
    const std::string project = make_project("boss", {{"description", "One.\u2028Two.\u0085Three. "}});
    EXPECT_EQ(get("boss", "/projects/" + project).text("description"), "One.\nTwo.\nThree.");
    remove("boss", "/projects/" + project);
}

TEST_F(Text, TagsThatReadAlikeAreOne) {
    const std::string project = make_project("boss", {{"tags", {"ΣΟΦΟΣ", "Zoe\u0308  x"}}});
    EXPECT_EQ(get("boss", "/projects?tags__any=%CF%83%CE%BF%CF%86%CE%BF%CF%82").ids(), std::vector{project});
    EXPECT_EQ(get("boss", "/projects?tags__in=zo%C3%AB%20X").ids(), std::vector{project});
    remove("boss", "/projects/" + project);
}

TEST_F(Text, FiltersForEqualityMeanWhatUniqueMeans) {
    EXPECT_EQ(get("boss", "/users?username=Manager").each("username"), std::vector<std::string>{"manager"});
    EXPECT_EQ(get("boss", "/users?username__in=BOSS,Manager").count(), 2);
    make_department("Šport");
    EXPECT_EQ(get("boss", "/departments?name=%20S%CC%8CPORT").each("name"),
              std::vector<std::string>{"Šport"});
    const std::string project = make_project("boss", {{"code", "SAME-1"}});
    EXPECT_EQ(get("boss", "/projects?code=same-1").ids(), std::vector{project});
    remove("boss", "/projects/" + project);
    EXPECT_THAT(
        plan_of("SELECT id FROM users_user AS t WHERE core_same(t.username) = core_same('Manager'::text)"),
        HasSubstr("users_user_username_unique"));
}

TEST_F(Text, ComesInTheOrderOfPeoplesAlphabets) {
    for (const char* name : {"Zeta", "ärger", "Alpha", "beta", "Zebra", "alpine", "Ärzte"})
        make("boss", "/designations", {{"name", name}});
    const std::vector<std::string> sorted = {"Alpha", "alpine", "ärger", "Ärzte", "beta", "Zebra", "Zeta"};
    EXPECT_EQ(get("boss", "/designations?ordering=name").each("name"), sorted);
    EXPECT_EQ(get("boss", "/designations?ordering=-name").each("name"),
              (std::vector<std::string>(sorted.rbegin(), sorted.rend())));
    std::vector<std::string> walked;
    for (const std::string& id : walk("boss", "/designations?ordering=name&page_size=2&cursor="))
        walked.push_back(get("boss", "/designations/" + id).text("name"));
    EXPECT_EQ(walked, sorted);
    for (const char* direction : {"", " DESC"})
        EXPECT_THAT(
            plan_of(
                std::string("SELECT id FROM projects_milestone AS t ORDER BY t.name COLLATE \"und-x-icu\"") +
                direction + ", t.id" + direction + " LIMIT 26"),
            Not(HasSubstr("Sort")));
}

TEST_F(Text, UndatedRowsComeLastInBothDirections) {
    const std::string project = make_project("boss");
    const std::string late = make_milestone("boss", project, {{"due_on", "2026-05-01"}});
    const std::string none = make_milestone("boss", project);
    const std::string soon = make_milestone("boss", project, {{"due_on", "2026-02-01"}});
    const std::string never = make_milestone("boss", project);
    const std::string path = "/milestones?project=" + project;
    EXPECT_THAT(get("boss", path + "&ordering=due_on").ids(), ElementsAre(soon, late, none, never));
    EXPECT_THAT(get("boss", path + "&ordering=-due_on").ids(), ElementsAre(late, soon, never, none));
    EXPECT_THAT(walk("boss", path + "&ordering=due_on&page_size=1&cursor="),
                ElementsAre(soon, late, none, never));
    EXPECT_THAT(walk("boss", path + "&ordering=-due_on&page_size=1&cursor="),
                ElementsAre(late, soon, never, none));
    user("staff_member");
    join("boss", project, "staff_member", "member");
    EXPECT_THAT(walk("staff_member", path + "&ordering=-due_on&page_size=1&cursor="),
                ElementsAre(late, soon, never, none));
    remove("boss", "/projects/" + project);
    EXPECT_THAT(
        plan_of(
            "SELECT id FROM projects_milestone AS t ORDER BY t.due_on DESC NULLS LAST, t.id DESC LIMIT 26"),
        Not(HasSubstr("Sort")));
    EXPECT_THAT(plan_of("SELECT id FROM projects_milestone AS t ORDER BY t.due_on, t.id LIMIT 26"),
                Not(HasSubstr("Sort")));
}

TEST_F(Text, NationalTelephoneNumbersAreTakenEverywhere) {
    const std::string client = make("boss", "/clients", {{"name", "By phone"}});
    const std::string contact =
        make("boss", "/contacts", {{"client", client}, {"name", "Sarah"}, {"phone", "0772 555 111"}});
    EXPECT_EQ(get("boss", "/contacts/" + contact).text("phone"), "+256772555111");
    EXPECT_EQ(get("boss", "/contacts?phone=0772555111").ids(), std::vector{contact});
    EXPECT_EQ(patch("boss", "/users/me", {{"phone", "0772 555 112"}}).text("phone"), "+256772555112");
    remove("boss", "/clients/" + client);
}

TEST_F(Text, FiltersOnChoicesTakeAnyCaseAndTwoOfOneAreRefused) {
    const std::string project = make_project("boss");
    EXPECT_EQ(get("boss", "/projects?status=PLANNING").ids(), std::vector{project});
    EXPECT_EQ(get("boss", "/projects?status__in=Planning,Active").ids(), std::vector{project});
    const Answer twice = get("boss", "/projects?status=planning&status=active");
    EXPECT_EQ(twice.status, 400);
    EXPECT_THAT(twice.body, HasSubstr("status__in=a,b"));
    EXPECT_EQ(get("boss", "/milestones?project__status=planning&project__status=active").status, 400);
    EXPECT_EQ(get("boss", "/projects?tags__any=a&tags__any=b").status, 200) << "a row may have both";
    remove("boss", "/projects/" + project);
}

TEST_F(Text, ADayGivenForATimeMeansTheWholeDay) {
    const std::string project = make_project("boss");
    const std::string path = "/projects?id=" + project + "&created_at__";
    const std::string zone = get("boss", "/users/me").text("time_zone");
    const std::string day = format(day_in_zone(clock().now(), zone));
    EXPECT_EQ(get("boss", path + "lte=" + day).count(), 1);
    EXPECT_EQ(get("boss", path + "gte=" + day).count(), 1);
    EXPECT_EQ(get("boss", path + "gt=" + day).count(), 0);
    EXPECT_EQ(get("boss", path + "lt=" + day).count(), 0);
    EXPECT_EQ(get("boss", path + "gt=today").count(), 0);
    EXPECT_EQ(get("boss", path + "lte=today").count(), 1);
    const std::string entries = "/audit?row=" + project;
    const Timestamp written = parse_timestamp(get("boss", entries).text("results.0.at")).value();
    const Date written_on = day_in_zone(written, zone);
    EXPECT_EQ(get("boss", entries + "&until=" + format(written_on)).each("row"), std::vector{project});
    EXPECT_TRUE(
        get("boss", entries + "&until=" + format(written_on - std::chrono::days(1))).each("row").empty());
    const Answer far = get("boss", "/projects?due_on__lt=today%2B99999d");
    EXPECT_EQ(far.status, 400);
    EXPECT_THAT(far.body, HasSubstr("at most 9999"));
    remove("boss", "/projects/" + project);
}

}  // namespace
}  // namespace tamiti::test
