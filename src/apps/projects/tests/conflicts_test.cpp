#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

/// What is unique among all rows doesn't become a list of those that somebody can't see.
class HiddenConflicts : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        make_project("boss", {{"code", "SECRET-1"}});
    }

    static Answer tries(const std::string& who, const std::string& code) {
        return post(who, "/projects", {{"code", code}, {"name", "A guess"}});
    }
    /// The statuses of a dry run that tries these codes.
    static std::string rehearses(const std::string& who, const std::vector<std::string>& codes) {
        Array operations;
        for (const std::string& code : codes)
            operations.push_back({{"op", "create"}, {"data", {{"code", code}, {"name", "A guess"}}}});
        const Answer answer =
            post(who, "/projects/bulk", {{"operations", operations}, {"dry_run", true}, {"atomic", false}});
        std::string statuses;
        const auto told = answer.json();
        for (const auto& one : told.at("results").as_array())
            statuses += std::to_string(one.at("status").as_int64()) + " ";
        return statuses;
    }
};

TEST_F(HiddenConflicts, AreMetTwentyTimesAnHour) {
    user("ann", {Role::manager});
    user("mia");
    const std::string who = "mia";
    for (int i = 0; i < 20; ++i) ASSERT_EQ(tries(who, "SECRET-1").status, 409) << i;
    EXPECT_EQ(tries(who, "SECRET-1").status, 429);
    EXPECT_EQ(tries(who, "FREE-1").status, 429) << "taken or not, the answer is one";
    EXPECT_EQ(tries("ann", "SECRET-1").status, 409) << "others have their own";
    const std::string mine = make_project("ann");
    EXPECT_EQ(patch("ann", "/projects/" + mine, {{"name", "Mine"}}).status, 200);
    clock().advance(std::chrono::minutes(61));
    for (const std::string& again : {who, std::string("ann"), std::string("boss")}) sign_in_again(again);
    EXPECT_EQ(tries(who, "FREE-1").status, 201);
}

TEST_F(HiddenConflicts, OfDryRunsCountToo) {
    user("rob");
    EXPECT_EQ(rehearses("rob", std::vector<std::string>(21, "SECRET-1")),
              "409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 429 ");
    EXPECT_EQ(rehearses("rob", {"SECRET-1", "FREE-2"}), "429 429 ");
}

TEST_F(HiddenConflicts, WithRowsThatOneSeesAreNoSecret) {
    user("sue");
    make_project("sue", {{"code", "OWN-1"}});
    for (int i = 0; i < 25; ++i) ASSERT_EQ(tries("sue", "OWN-1").status, 409) << i;
    EXPECT_EQ(tries("sue", "FREE-3").status, 201);
}

TEST_F(HiddenConflicts, OfAnIdAreAnsweredLikeThoseWithARowOfOnesOwn) {
    user("tom");
    const std::string hidden = make_project("boss"), own = make_project("tom");
    const auto with_id = [](const std::string& id, const char* owner) {
        Answer answer =
            post("tom", "/projects", {{"id", id}, {"code", "NEW-1"}, {"name", "New"}, {"owner", owner}});
        return std::to_string(answer.status) + answer.body;
    };
    const std::string nobody = Uuid::make().text();
    EXPECT_EQ(with_id(hidden, user("tom").c_str()), with_id(own, user("tom").c_str()));
    EXPECT_EQ(with_id(hidden, nobody.c_str()), with_id(own, nobody.c_str()));
    EXPECT_TRUE(with_id(hidden, user("tom").c_str()).starts_with("409"));
    for (int i = 0; i < 20; ++i) with_id(hidden, user("tom").c_str());
    EXPECT_TRUE(with_id(hidden, user("tom").c_str()).starts_with("429"));
    EXPECT_TRUE(with_id(Uuid::make().text(), user("tom").c_str()).starts_with("429"));
}

}  // namespace
}  // namespace tamiti::test
