#include "apps/projects/tests/factories.hpp"
#include "core/base/json.hpp"

namespace tamiti::test {
namespace {

class Vocabulary : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::manager});
        user("nala", {Role::client});
    }

    static std::vector<std::string> tagged(const std::string& who, const std::string& query = "") {
        std::vector<std::string> words;
        const auto rows = get(who, "/tags" + query).json();
        for (const auto& row : rows.as_array())
            words.push_back(std::string(row.at("name").as_string()) + " " + json::text_of(row.at("count")));
        return words;
    }
};

TEST_F(Vocabulary, EnumsNameEveryChoiceWithALabel) {
    std::map<std::string, std::string> enums;
    const auto rows = get("boss", "/enums").json();
    for (const auto& row : rows.as_array())
        enums[std::string(row.at("name").as_string())] = json::text_of(row.at("choices"));
    EXPECT_EQ(enums.at("projects.project.health"),
              R"([{"value":"on_track","label":"On track"},{"value":"at_risk","label":"At risk"},)"
              R"({"value":"off_track","label":"Off track"}])");
    EXPECT_TRUE(enums.contains("users.user.roles"));
}

TEST_F(Vocabulary, EnumsAreForThoseWhoMayReadTheField) {
    EXPECT_EQ(get("guest", "/enums").status, 401);
    const std::string seen = get("nala", "/enums").body;
    EXPECT_NE(seen.find("projects.project.status"), seen.npos);
    EXPECT_EQ(seen.find("projects.project.health"), seen.npos);
}

TEST_F(Vocabulary, TagsAreCountedOverWhatTheActorSees) {
    make("boss", "/clients", {{"name", "Nile"}, {"tags", {"Food", "video"}}});
    for (const auto& [who, code] : std::map<std::string, std::string>{{"ada", "A-1"}, {"bob", "B-1"}})
        make(who, "/projects", {{"name", "Film"}, {"tags", {"video"}}, {"code", code}});
    EXPECT_EQ(tagged("boss"), (std::vector<std::string>{"video 3", "food 1"}));
    EXPECT_EQ(tagged("ada"), std::vector<std::string>{"video 1"});
    EXPECT_EQ(tagged("boss", "?search=FO"), std::vector<std::string>{"food 1"});
    EXPECT_EQ(tagged("boss", "?search=%25"), std::vector<std::string>{});
    EXPECT_EQ(tagged("nala"), std::vector<std::string>{});
    EXPECT_EQ(get("guest", "/tags").status, 401);
}

}  // namespace
}  // namespace tamiti::test
