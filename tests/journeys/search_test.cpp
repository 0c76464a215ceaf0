#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "core/http/uri.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// One search over everything that somebody may see.
class Search : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("bystander");
        user("customer", {Role::client});
        client = make("boss", "/clients",
                      {{"name", "Zanzibar Spice"}, {"notes", "saffron"}, {"people", {user("customer")}}});
        project = make("boss", "/projects",
                       {{"code", "ZAN-26"},
                        {"name", "Zanzibar campaign"},
                        {"client", client},
                        {"owner", user("ada")},
                        {"description", "Posters <b>and</b> a film about cloves & \"pepper\"."}});
        milestone = make("boss", "/milestones",
                         {{"project", project}, {"name", "Storyboard"}, {"description", "For Zanzibar"}});
        make("boss", "/projects", {{"code", "OTHER"}, {"name", "Website"}});
    }
    static std::set<std::string> found(const std::string& who, const std::string& query) {
        const Answer answer = get(who, "/search?q=" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto ids = answer.ids();
        return {ids.begin(), ids.end()};
    }
    static inline std::string client, project, milestone;
};

TEST_F(Search, FindsRowsOfEveryModelBestFirst) {
    const Answer answer = get("boss", "/search?q=zanzibar");
    EXPECT_EQ(found("boss", "zanzibar"), (std::set<std::string>{client, project, milestone}));
    EXPECT_EQ(answer.ids().back(), milestone) << "named in its description only";
    const auto ranks = answer.each("rank");
    for (std::size_t i = 1; i < ranks.size(); ++i) EXPECT_GE(std::stod(ranks[i - 1]), std::stod(ranks[i]));
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        const std::string at = "results." + std::to_string(i) + ".";
        EXPECT_EQ(get("boss", answer.text(at + "path")).text("id"), answer.text(at + "id"));
    }
}

TEST_F(Search, CallsACommentByHowItBegins) {
    const auto say = [](const std::string& body) {
        make("boss", "/comments", {{"on_model", "projects.project"}, {"on_row", project}, {"body", body}});
    };
    say("Turmeric first\nand cinnamon later.");
    say("Vanilla " + std::string(100, 'x'));
    EXPECT_EQ(get("boss", "/search?q=cinnamon").text("results.0.title"), "Turmeric first");
    EXPECT_EQ(get("boss", "/search?q=vanilla").text("results.0.title"),
              "Vanilla " + std::string(71, 'x') + "…");
}

TEST_F(Search, NamesTheModelAndWhatTheRowIsCalled) {
    const Answer answer = get("boss", "/search?q=ZAN-26");
    ASSERT_EQ(answer.ids(), std::vector<std::string>{project});
    EXPECT_EQ(answer.text("results.0.model"), "projects.project");
    EXPECT_EQ(answer.text("results.0.title"), "ZAN-26 Zanzibar campaign");
    EXPECT_EQ(answer.text("results.0.path"), "/api/v1/projects/" + project);
}

TEST_F(Search, ForgivesUnfinishedAndMistypedWords) {
    for (const char* query : {"zanz", "Zanzibr", "spice+zanzibar", "ZANZIBAR"})
        EXPECT_TRUE(found("boss", query).contains(client)) << query;
    EXPECT_FALSE(found("boss", "website").contains(client));
    EXPECT_TRUE(found("boss", "ada").contains(user("ada")));
}

TEST_F(Search, TakesTheLastWordAloneForUnfinished) {
    const auto named = [](const std::string& name) {
        return make("boss", "/milestones", {{"project", project}, {"name", name}});
    };
    const std::string whole = named("Drum rehearsal"), longer = named("Drumming rehearsal");
    EXPECT_EQ(found("boss", "drum"), (std::set<std::string>{whole, longer}));
    EXPECT_EQ(found("boss", "drum+rehear"), std::set<std::string>{whole});
    EXPECT_EQ(found("boss", "rehearsal+drum"), (std::set<std::string>{whole, longer}));
    EXPECT_TRUE(found("boss", "drumm+rehear").contains(longer)) << "by likeness, as no word is drumm";
}

TEST_F(Search, FindsRareWordsBesideCommonOnesWhateverPostgresKnowsOfThem) {
    const auto named = [](const std::string& name) {
        return make("boss", "/milestones", {{"project", project}, {"name", name}});
    };
    for (int i = 0; i < 40; ++i) named("Fabric sample " + std::to_string(i));
    const std::string both = named("Indigo fabric"), one = named("Indigo paper");
    for (const bool is_known : {false, true}) {
        if (is_known) db::Connection({.url = site().settings->database_owner_url}).run("ANALYZE core_search");
        for (const char* query :
             {"indigo+fabric", "fabric+indigo", "indigo+fabr", "fabric+ind", "Fabric+INDIGO"})
            EXPECT_EQ(found("boss", query), std::set<std::string>{both}) << query << is_known;
        EXPECT_EQ(found("boss", "indigo"), (std::set<std::string>{both, one}));
        EXPECT_EQ(found("boss", "fabric+sample+17").size(), 1U) << is_known;
    }
}

TEST_F(Search, MarksWhatMatchesAsDataAndNeverAsMarkup) {
    const Answer answer = get("boss", "/search?q=pepper&models=projects.project");
    ASSERT_EQ(answer.ids(), std::vector<std::string>{project});
    const boost::json::value json = answer.json();
    std::string marked, all;
    for (const auto& part : json.at("results").at(0).at("highlight").as_array()) {
        const std::string text(part.at("text").as_string());
        all += text;
        if (part.at("match").as_bool()) marked += text;
    }
    EXPECT_EQ(marked, "pepper");
    EXPECT_NE(all.find("cloves & \"pepper"), std::string::npos) << all;
    EXPECT_EQ(all.find_first_of("\x02\x03"), std::string::npos);
}

TEST_F(Search, ShowsEverybodyWhatTheySeeAndNothingElse) {
    EXPECT_EQ(found("ada", "zanzibar"), (std::set<std::string>{client, project, milestone}));
    EXPECT_EQ(found("bystander", "zanzibar"), std::set<std::string>{});
    EXPECT_EQ(found("customer", "zanzibar"), (std::set<std::string>{client, project}))
        << "the milestone isn't shared";
    EXPECT_EQ(found("customer", "ada"), std::set<std::string>{});
    EXPECT_EQ(get("guest", "/search?q=zanzibar").status, 401);
    EXPECT_EQ(found("boss", "saffron"), std::set<std::string>{}) << "notes are not searched by anybody";
}

TEST_F(Search, FindsWhatHangsOnRowsForThoseWhoSeeBoth) {
    const auto say = [](const char* model, const std::string& row, bool internal) {
        return make(
            "boss", "/comments",
            {{"on_model", model}, {"on_row", row}, {"body", "Cardamom, please"}, {"internal", internal}});
    };
    const std::string other = make("boss", "/projects", {{"code", "OTHER-2"}, {"name", "Another"}});
    const std::string on_project = say("projects.project", project, false),
                      inside = say("projects.project", project, true),
                      on_milestone = say("projects.milestone", milestone, false),
                      on_person = say("users.user", user("ada"), false),
                      hidden = say("projects.project", other, false);
    using Ids = std::set<std::string>;
    EXPECT_EQ(found("boss", "cardamom"), (Ids{on_project, inside, on_milestone, on_person, hidden}));
    EXPECT_EQ(found("ada", "cardamom"), (Ids{on_project, inside, on_milestone, on_person}));
    EXPECT_EQ(found("bystander", "cardamom"), Ids{on_person});
    EXPECT_EQ(found("customer", "cardamom"), Ids{on_project});
    EXPECT_EQ(found("customer", "cardamon"), Ids{on_project}) << "misspelt";
    ASSERT_EQ(remove("boss", "/projects/" + other).status, 204);
    EXPECT_EQ(found("boss", "cardamom"), (Ids{on_project, inside, on_milestone, on_person}));
}

TEST_F(Search, LeavesTheTrashOut) {
    const std::string id = make("boss", "/projects", {{"code", "GONE"}, {"name", "Quetzal"}});
    EXPECT_EQ(found("boss", "quetzal"), std::set<std::string>{id});
    EXPECT_EQ(remove("boss", "/projects/" + id).status, 204);
    EXPECT_EQ(found("boss", "quetzal"), std::set<std::string>{});
}

TEST_F(Search, FollowsWhatARowSays) {
    const std::string id = make("boss", "/projects", {{"code", "STEP-1"}, {"name", "Okapi"}});
    EXPECT_EQ(patch("boss", "/projects/" + id, {{"name", "Pangolin"}}).status, 200);
    EXPECT_EQ(found("boss", "okapi"), std::set<std::string>{});
    EXPECT_EQ(found("boss", "pangolin"), std::set<std::string>{id});
    EXPECT_EQ(remove("boss", "/projects/" + id).status, 204);
    EXPECT_EQ(get("boss", "/projects?deleted=true&search=pangolin").ids(), std::vector<std::string>{id});
    EXPECT_EQ(post("boss", "/projects/" + id + "/restore").status, 200);
    EXPECT_EQ(found("boss", "pangolin"), std::set<std::string>{id});
}

TEST_F(Search, FindsWithOrWithoutAccentsInEitherCase) {
    const std::string id =
        make("boss", "/projects", {{"code", "FOLD-1"}, {"name", "Crème Brûlée für die Straße, Ŋoma"}});
    for (const char* query : {"creme", "CR%C3%88ME", "br%C3%BBlee", "strasse", "STRA%C3%9FE", "ngoma",
                              "%C5%8Aom", "cre%CC%80me+brulee"}) {
        EXPECT_EQ(found("boss", query), std::set<std::string>{id}) << query;
        EXPECT_EQ(get("boss", "/projects?search=" + std::string(query)).ids(), std::vector<std::string>{id})
            << query;
    }
}

TEST_F(Search, FindsPartsOfTextWithoutSpaces) {
    const std::string id = make("boss", "/projects", {{"code", "TOKYO-1"}, {"name", "東京タワー映画祭"}});
    for (const char* query : {"東京", "京タ", "映画", "タワー映画祭"})
        EXPECT_EQ(found("boss", http::encode_percent(query)), std::set<std::string>{id}) << query;
    EXPECT_EQ(found("boss", http::encode_percent("大阪")), std::set<std::string>{});
}

TEST_F(Search, IsLimitedToModelsAndResults) {
    EXPECT_EQ(found("boss", "zanzibar&models=projects.client,projects.milestone"),
              (std::set<std::string>{client, milestone}));
    EXPECT_EQ(get("boss", "/search?q=zanzibar&limit=1").ids().size(), 1U);
    for (const char* query : {"", "?q=", "?q=z", "?q=zan&limit=0", "?q=zan&limit=51", "?q=zan&page=2",
                              "?q=zan&models=projects.member", "?q=zan&models=nothing"})
        EXPECT_EQ(get("boss", "/search" + std::string(query)).status, 400) << query;
    EXPECT_EQ(get("boss", "/search?q=" + std::string(101, 'z')).status, 400);
    EXPECT_EQ(found("boss", "%3A%26%7C%21%28%29"), std::set<std::string>{}) << "signs of the query language";
    for (const char* query :
         {"%27%3B--", "%EF%BC%87%EF%BC%87", "%CD%BE%CD%BE", "%5C%5C%27", "%E3%80%82%E3%80%82"})
        EXPECT_EQ(found("boss", query), std::set<std::string>{}) << query;
}

}  // namespace
}  // namespace tamiti::test
