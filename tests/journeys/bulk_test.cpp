#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Many operations in one request.
class Bulk : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        project = make("boss", "/projects", {{"code", "BULK"}, {"name", "Many"}, {"owner", user("ada")}});
    }
    static std::string milestone(const std::string& name) { return make("boss", "/milestones", data(name)); }
    static Object data(const std::string& name) { return {{"project", project}, {"name", name}}; }
    static Object create(const std::string& name) { return {{"op", "create"}, {"data", data(name)}}; }
    static Object change(const std::string& id, const Object& values, const Object& more = {}) {
        return joined({{"op", "change"}, {"id", id}, {"data", values}}, more);
    }
    static Object remove_one(const std::string& id) { return {{"op", "remove"}, {"id", id}}; }
    static Answer bulk(const Array& operations, const Object& more = {}, const std::string& who = "boss",
                       const Headers& headers = {}) {
        return post(who, "/milestones/bulk", joined({{"operations", operations}}, more), headers);
    }
    static std::string count(const std::string& like) {
        return sql("SELECT count(*) FROM projects_milestone WHERE name LIKE $1 AND deleted_at IS NULL", like);
    }
    static inline std::string project;
};

TEST_F(Bulk, CreatesChangesAndRemovesInOneRequest) {
    const std::string kept = milestone("B1 kept"), gone = milestone("B1 gone");
    const Answer answer = bulk({create("B1 new"), change(kept, {{"name", "B1 changed"}}), remove_one(gone)});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.each("status"), (std::vector<std::string>{"201", "200", "204"}));
    EXPECT_EQ(answer.text("succeeded"), "3");
    EXPECT_EQ(answer.text("failed"), "0");
    EXPECT_EQ(answer.each("body.name"), (std::vector<std::string>{"B1 new", "B1 changed", ""}));
    const Answer read = get("boss", "/milestones/" + answer.text("results.0.id"));
    EXPECT_EQ(read.body, json::text_of(answer.json().at("results").at(0).at("body")));
    EXPECT_EQ(read.header("ETag"), answer.text("results.0.etag"));
    EXPECT_EQ(get("boss", "/milestones/" + gone).status, 404);
}

TEST_F(Bulk, OneFaultAmongManyUndoesAllAndEveryFaultIsNamed) {
    const std::string there = milestone("B2 there");
    const Answer answer = bulk({create("B2 new"), change(there, {{"name", ""}}),
                                change(Uuid::make().text(), {{"name", "B2 nobody"}}),
                                change(there, {{"name", "B2 x"}, {"nonsense", 1}}), create("B2 last")});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.text("code"), "http.bulk_refused");
    const auto parsed = answer.json();
    std::vector<std::string> paths;
    for (const auto& member : parsed.at("errors").as_object()) paths.emplace_back(member.key());
    EXPECT_EQ(paths,
              (std::vector<std::string>{"operations.1.name", "operations.2", "operations.3.nonsense"}));
    EXPECT_EQ(count("B2%"), "1");
    EXPECT_EQ(get("boss", "/milestones/" + there).text("version"), "1");
}

TEST_F(Bulk, EachForItselfKeepsWhatWorks) {
    const std::string there = milestone("B3 there");
    const Answer answer = bulk({create("B3 new"), change(there, {{"name", ""}}),
                                change(there, {{"name", "B3 changed"}}), remove_one(Uuid::make().text())},
                               {{"atomic", false}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.each("status"), (std::vector<std::string>{"201", "422", "200", "404"}));
    EXPECT_EQ(answer.each("problem.code"),
              (std::vector<std::string>{"", "http.invalid", {}, "http.not_found"}));
    EXPECT_EQ(answer.text("succeeded"), "2");
    EXPECT_EQ(answer.text("failed"), "2");
    EXPECT_EQ(count("B3%"), "2");
}

TEST_F(Bulk, ADryRunAnswersTheSameAndKeepsNothing) {
    const std::string there = milestone("B4 there");
    const Array operations = {create("B4 new"), change(there, {{"name", "B4 changed"}})};
    const Answer dry = bulk(operations, {{"dry_run", true}});
    EXPECT_EQ(dry.status, 200) << dry.body;
    EXPECT_EQ(dry.each("status"), (std::vector<std::string>{"201", "200"}));
    EXPECT_EQ(dry.text("dry_run"), "true");
    EXPECT_EQ(count("B4%"), "1");
    EXPECT_EQ(get("boss", "/milestones/" + there).text("name"), "B4 there");
    EXPECT_EQ(bulk({change(there, {{"name", ""}})}, {{"dry_run", true}}).status, 422);
}

TEST_F(Bulk, RightsAreThoseOfTheSingleOperations) {
    const std::string hidden = milestone("B5 hidden");
    user("stranger", {Role::client});
    const Answer answer =
        bulk({change(hidden, {{"name", "B5 taken"}}), remove_one(hidden), create("B5 mine")},
             {{"atomic", false}}, "stranger");
    EXPECT_EQ(answer.status, 200);
    const int single = patch("stranger", "/milestones/" + hidden, {{"name", "B5 taken"}}).status;
    const int created = post("stranger", "/milestones", data("B5 mine")).status;
    EXPECT_EQ(answer.each("status"),
              (std::vector<std::string>{std::to_string(single), "404", std::to_string(created)}));
    EXPECT_EQ(count("B5%"), "1");
    EXPECT_EQ(get("boss", "/milestones/" + hidden).text("name"), "B5 hidden");
    EXPECT_EQ(bulk({create("B5 guest")}, {}, "guest").status, 401);
}

TEST_F(Bulk, AStaleVersionIsRefusedWithTheRowAsItIs) {
    const std::string there = milestone("B6 there");
    const Answer answer =
        bulk({change(there, {{"name", "B6 x"}}, {{"if_match", "\"7\""}})}, {{"atomic", false}});
    EXPECT_EQ(answer.each("status"), std::vector<std::string>{"412"});
    EXPECT_EQ(answer.text("results.0.problem.current.name"), "B6 there");
}

TEST_F(Bulk, WhatWasRemovedCanBeRestoredTogether) {
    const std::string one = milestone("B7 one"), two = milestone("B7 two");
    EXPECT_EQ(bulk({remove_one(one), remove_one(two)}).status, 200);
    EXPECT_EQ(count("B7%"), "0");
    const auto restore = [](const std::string& id) { return Object{{"op", "restore"}, {"id", id}}; };
    const Answer answer = bulk({restore(one), restore(two)});
    EXPECT_EQ(answer.each("status"), (std::vector<std::string>{"200", "200"})) << answer.body;
    EXPECT_EQ(count("B7%"), "2");
}

TEST_F(Bulk, FiveHundredOperationsAreTakenAndOneMoreIsNot) {
    Array operations;
    for (int i = 0; i < 500; ++i) operations.push_back(create("B8 " + std::to_string(i)));
    EXPECT_EQ(bulk(operations, {{"dry_run", true}}).status, 200);
    EXPECT_EQ(bulk(operations).text("succeeded"), "500");
    EXPECT_EQ(count("B8%"), "500");
    operations.push_back(create("B8 more"));
    const Answer refused = bulk(operations);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.operations.0"), "Must be a list of 1 to 500 operations.");
    EXPECT_EQ(count("B8%"), "500");
}

TEST_F(Bulk, SentTwiceWithOneKeyItIsDoneOnce) {
    const Array operations = {create("B9 a"), create("B9 b")};
    const Answer first = bulk(operations, {}, "boss", {{"Idempotency-Key", "bulk"}});
    const Answer again = bulk(operations, {}, "boss", {{"Idempotency-Key", "bulk"}});
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(count("B9%"), "2");
}

TEST_F(Bulk, BadOperationsAreNamedOneByOne) {
    const std::string id = Uuid::make().text();
    const Answer answer =
        bulk({Object{{"op", "explode"}}, Object{{"id", id}}, 7,
              Object{{"op", "change"}, {"id", "first"}, {"data", Array{}}}, Object{{"op", "remove"}},
              Object{{"op", "remove"}, {"id", id}, {"data", Object{}}}},
             {{"atomic", 1}});
    EXPECT_EQ(answer.status, 422);
    const auto parsed = answer.json();
    std::vector<std::string> paths;
    for (const auto& member : parsed.at("errors").as_object()) paths.emplace_back(member.key());
    EXPECT_EQ(paths, (std::vector<std::string>{"atomic", "operations.0.op", "operations.1.op", "operations.2",
                                               "operations.3.id", "operations.3.data", "operations.4.id",
                                               "operations.5.data"}));
    EXPECT_EQ(post("boss", "/milestones/bulk", {{"operation", Array{}}}).status, 400);
    EXPECT_EQ(post("boss", "/milestones/bulk", {}).status, 422);
    EXPECT_EQ(post("boss", "/milestones/bulk", Array{}).status, 400);
}

}  // namespace
}  // namespace tamiti::test
