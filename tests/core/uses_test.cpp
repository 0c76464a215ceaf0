#include "core/model/uses.hpp"

#include <gmock/gmock.h>

#include "core/base/json.hpp"
#include "core/model/schema.hpp"
#include "tests/core/toy/remarks_api.hpp"

/// Where rows are used, shown with books on shelves and remarks about both.
namespace tamiti::test {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using toy_remarks::Remark;

class UsesOfRows : public RemarksApi {
public:
    /// "library.book.shelf 1: Tropical Fish", a line for each use that somebody sees.
    static std::vector<std::string> uses(const std::string& who, const std::string& path) {
        std::vector<std::string> lines;
        const Answer answer = get(who, path + "/uses");
        EXPECT_EQ(answer.status, 200) << path;
        if (answer.status != 200) return lines;
        const auto told = answer.json();
        for (const auto& use : told.at("uses").as_array()) {
            std::string line(use.at("model").as_string());
            line +=
                "." + std::string(use.at("field").as_string()) + " " + json::text_of(use.at("count")) + ":";
            for (const auto& row : use.at("rows").as_array())
                line += " " + std::string(row.at("label").as_string());
            lines.push_back(line);
        }
        return lines;
    }
};

TEST_F(UsesOfRows, AreFoundByReferencesListsAndRecords) {
    make("owner", "/remarks", joined(about("library.shelf", shelf, "Dusty"), {{"shelf_mark", shelf}}));
    say("owner", "Finer", {{"compare", {book}}});
    EXPECT_THAT(uses("owner", "/shelves/" + shelf),
                ElementsAre("library.book.shelf 1: Tropical Fish", "remarks.remark.shelf_mark 1: Dusty",
                            "remarks.remark.on 1: Dusty"));
    EXPECT_THAT(uses("owner", "/books/" + book),
                ElementsAre("remarks.remark.compare 1: Finer", "remarks.remark.on 1: Finer"));
    const Answer told = get("owner", "/shelves/" + shelf + "/uses");
    EXPECT_EQ(told.text("uses.0.rows.0.id"), book);
    EXPECT_EQ(told.text("uses.0.rows.0.path"), "/api/v1/books/" + book);
    EXPECT_THAT(uses("owner", "/remarks/" + say("owner", "Alone")), IsEmpty());
}

TEST_F(UsesOfRows, ShowAndCountOnlyWhatTheActorSees) {
    make("boss", "/remarks",
         joined(about("library.shelf", shelf, "Quiet"), {{"quiet", true}, {"shelf_mark", shelf}}));
    EXPECT_EQ(patch("owner", "/books/" + book, {{"hidden", true}}).status, 200);
    EXPECT_THAT(uses("other", "/shelves/" + shelf), IsEmpty());
    EXPECT_EQ(get("other", "/shelves/" + shelf + "/uses").body, R"({"uses":[]})");
    EXPECT_THAT(uses("owner", "/shelves/" + shelf), ElementsAre("library.book.shelf 1: Tropical Fish"));
    EXPECT_THAT(uses("boss", "/shelves/" + shelf),
                ElementsAre("library.book.shelf 1: Tropical Fish", "remarks.remark.shelf_mark 1: Quiet",
                            "remarks.remark.on 1: Quiet"));
    EXPECT_EQ(remove("owner", "/books/" + book).status, 204);
    EXPECT_THAT(uses("owner", "/shelves/" + shelf), IsEmpty()) << "what is in the trash uses nothing";
}

TEST_F(UsesOfRows, AreAskedOfRowsThatTheActorSees) {
    EXPECT_EQ(patch("owner", "/books/" + book, {{"hidden", true}}).status, 200);
    access(Method::get, "/books/" + book + "/uses",
           {{"guest", 401}, {"client", 404}, {"other", 404}, {"owner", 200}, {"boss", 200}});
    EXPECT_EQ(get("owner", "/books/" + Uuid::make().text() + "/uses").status, 404);
    EXPECT_EQ(get("owner", "/books/" + book + "/uses?page=2").status, 400);
}

TEST_F(UsesOfRows, AreCountedUpToAHundredAndOne) {
    std::vector<Remark> many(150);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i] = {.on = {"library.book", Uuid::parse(book).value()}, .text = "Remark " + std::to_string(i)};
    transact(site(), Actor::system(), [&](Tx& tx) { tx.insert(many); });
    const Answer told = get("owner", "/books/" + book + "/uses");
    EXPECT_EQ(told.text("uses.0.count"), "101");
    EXPECT_EQ(told.json().at("uses").at(0).at("rows").as_array().size(), 5U);
}

TEST_F(UsesOfRows, ThatRestrictKeepARowFromBeingRemovedAndAreNamed) {
    for (const char* text : {"First", "Second", "Third", "Fourth"})
        make("boss", "/remarks", joined(about("library.book", book, text), {{"shelf_mark", shelf}}));
    const Answer refused = remove("owner", "/shelves/" + shelf);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("code"), "data.reference");
    EXPECT_EQ(refused.text("detail"), "This shelf is in use: remarks First, Second, Third and 1 more.");
    EXPECT_EQ(get("owner", "/books/" + book).status, 200) << "nor did anything go with it";
}

TEST_F(UsesOfRows, ThatRestrictAndAreHiddenAreNotTold) {
    const std::string quiet =
        make("boss", "/remarks",
             joined(about("library.book", book, "Quiet"), {{"shelf_mark", shelf}, {"quiet", true}}));
    EXPECT_EQ(remove("owner", "/shelves/" + shelf).text("detail"), "This shelf is in use.");
    EXPECT_EQ(remove("boss", "/shelves/" + shelf).text("detail"), "This shelf is in use: remarks Quiet.");
    EXPECT_EQ(remove("boss", "/remarks/" + quiet).status, 204);
    EXPECT_EQ(remove("owner", "/shelves/" + shelf).status, 204);
}

TEST_F(UsesOfRows, RefuseOneOperationOfManyAlone) {
    make("owner", "/remarks", joined(about("library.book", book, "Kept"), {{"shelf_mark", shelf}}));
    const std::string free = make("owner", "/shelves", {{"name", "Poems"}});
    const Answer answer = post("owner", "/shelves/bulk",
                               {{"atomic", false},
                                {"operations", Array{Object{{"op", "remove"}, {"id", shelf}},
                                                     Object{{"op", "remove"}, {"id", free}}}}});
    EXPECT_EQ(answer.text("results.0.status") + " " + answer.text("results.1.status"), "409 204")
        << answer.body;
    EXPECT_THAT(answer.text("results.0.problem.detail"), HasSubstr("remarks Kept"));
    EXPECT_EQ(get("owner", "/shelves/" + free).status, 404);
    EXPECT_EQ(get("owner", "/shelves/" + shelf).status, 200);
}

TEST_F(UsesOfRows, AreFoundByIndexesThatTheToyHas) {
    const auto connection = site().pool->acquire();
    for (const std::string& fault : compare_schema(*connection, registry().catalogue()).faults)
        EXPECT_EQ(fault.find("remarks.remark"), std::string::npos) << fault;
}

class RulesOfTriggers : public RemarksApi {};

TEST_F(RulesOfTriggers, AreMissedWhereTheTriggerIs) {
    Model model = model_of(tag<Remark>{});
    model.checks.front().name = "shrinks";
    Resource resource{.path = "/remarks", .model = &model, .access = {.view = toy_remarks::not_quiet}};
    Catalogue catalogue;
    catalogue.add("remarks", resource);
    const auto connection = site().pool->acquire();
    EXPECT_THAT(compare_schema(*connection, catalogue).faults,
                ElementsAre(HasSubstr("has no trigger remarks_remark_shrinks")));
}

TEST_F(RulesOfTriggers, AreAnsweredLikeOthers) {
    const std::string remark = say("owner", "A fine book");
    const Answer refused = patch("owner", "/remarks/" + remark, {{"text", "Fine"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.text.0"), "What was said stays: write more, not less.");
    EXPECT_EQ(patch("owner", "/remarks/" + remark, {{"text", "A fine book, and long"}}).status, 200);
}

}  // namespace
}  // namespace tamiti::test
