#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

/// What a writer knows of a row: whoever says it wants to be refused where it isn't so any more.
class Preconditions : public Studio {
public:
    void SetUp() override {
        Studio::SetUp();
        path = "/milestones/" + make_milestone("ada", make_project("ada"), {{"name", "First"}});
        old = get("ada", path).header("ETag");
        ASSERT_EQ(patch("ada", path, {{"name", "Second"}}).status, 200);
        now = get("ada", path).header("ETag");
    }

    Answer rename(const Headers& headers) const { return patch("ada", path, {{"name", "Third"}}, headers); }
    std::string name() const { return get("ada", path).text("name"); }

    std::string path, old, now;
};

TEST_F(Preconditions, LetAChangePassWhereOneOfTheTagsIsTheRows) {
    EXPECT_EQ(rename({{"If-Match", old + ", " + now}}).status, 200);
    EXPECT_EQ(name(), "Third");
}

TEST_F(Preconditions, AreOneListWhereTheHeaderIsThereTwice) {
    EXPECT_EQ(rename({{"If-Match", old}, {"If-Match", old}}).status, 412);
    EXPECT_EQ(name(), "Second");
    EXPECT_EQ(rename({{"If-Match", old}, {"If-Match", now}}).status, 200);
}

TEST_F(Preconditions, ThatCantBeReadAreNoneThatHolds) {
    for (const std::string& bad :
         std::vector<std::string>{"", ",", "3", "*, *", "\"3", old + "," + now.substr(1)}) {
        const Answer refused = rename({{"If-Match", bad}});
        EXPECT_EQ(refused.status, 400) << bad;
        EXPECT_EQ(refused.text("code"), "http.bad_etag") << bad;
    }
    for (const std::string& strange : std::vector<std::string>{"\"another\"", "W/" + now, "\"-1\""})
        EXPECT_EQ(rename({{"If-Match", strange}}).status, 412) << strange;
    EXPECT_EQ(name(), "Second");
    EXPECT_EQ(rename({{"If-Match", "*"}}).status, 200);
}

TEST_F(Preconditions, HoldForVerbsOnRows) {
    const Answer late = post("ada", path + "/complete", {}, {{"If-Match", old}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.json().at("current").at("name").as_string(), "Second");
    EXPECT_TRUE(get("ada", path).json().at("completed_at").is_null());
    EXPECT_EQ(post("ada", path + "/complete", {}, {{"If-Match", now}}).status, 200);
}

TEST_F(Preconditions, OfABulkRequestAreReadAlike) {
    const std::string id = path.substr(path.rfind('/') + 1);
    const auto change = [&](const std::string& if_match) {
        return post("ada", "/milestones/bulk",
                    {{"operations", Array{Object{{"op", "change"},
                                                 {"id", id},
                                                 {"data", Object{{"name", "Third"}}},
                                                 {"if_match", if_match}}}},
                     {"atomic", false}});
    };
    const Answer empty = change("");
    EXPECT_EQ(empty.status, 422);
    EXPECT_NE(empty.body.find("operations.0.if_match"), std::string::npos) << empty.body;
    EXPECT_EQ(change(old).text("failed"), "1");
    EXPECT_EQ(name(), "Second");
    EXPECT_EQ(change(old + "," + now).text("succeeded"), "1");
}

}  // namespace
}  // namespace tamiti::test
