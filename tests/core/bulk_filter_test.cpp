#include <gmock/gmock.h>

#include "core/model/tx.hpp"
#include "tests/core/toy/shop_api.hpp"

namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BulkByFilter : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann");
        zed = customer("other", "Zed");
        for (const char* code : {"a", "b", "c"}) order("owner", ann, code);
        order("owner", ann, "done", {{"state", "done"}});
        order("owner", ann, "away", {{"put_away", true}});
        order("other", zed, "z");
    }
    void TearDown() override {
        for (const std::string& id : {ann, zed}) EXPECT_EQ(remove("boss", "/customers/" + id).status, 204);
    }

    static Answer bulk(const std::string& who, const std::string& filter, const Object& more) {
        return post(who, "/orders/bulk", joined({{"filter", filter}}, more));
    }
    static Object pack(const Object& more = {}) {
        return joined({{"op", "change"}, {"data", {{"state", "packed"}}}}, more);
    }
    static std::string tally(const Answer& answer) {
        return std::to_string(answer.status) + ": " + answer.text("succeeded") + " and " +
               answer.text("failed");
    }

    std::string ann, zed;
};

TEST_F(BulkByFilter, TellsFirstHowManyThereAre) {
    const Answer told = bulk("owner", "state=fresh", pack({{"dry_run", true}}));
    EXPECT_EQ(tally(told), "200: 3 and 0");
    EXPECT_EQ(told.text("dry_run"), "true");
    EXPECT_THAT(codes("boss", "?state=packed"), IsEmpty()) << "nothing is kept";
}

TEST_F(BulkByFilter, ChangesWhatTheListOfThatFilterHas) {
    EXPECT_EQ(tally(bulk("owner", "state=fresh", pack())), "200: 3 and 0");
    EXPECT_THAT(codes("boss", "?state=packed&put_away__in=true,false"), ElementsAre("a", "b", "c"))
        << "neither what is put away nor what others have";
    EXPECT_EQ(tally(bulk("owner", "put_away=true", pack())), "200: 1 and 0");
    EXPECT_THAT(codes("boss", "?state=packed&put_away=true"), ElementsAre("away"));
    EXPECT_EQ(tally(bulk("owner", "state=nothing", pack())), "400:  and ");
}

TEST_F(BulkByFilter, TakesConditionsAsListsDo) {
    EXPECT_EQ(tally(bulk("owner", "or=(code.eq.a,code.eq.b)", {{"op", "remove"}})), "200: 2 and 0");
    EXPECT_THAT(codes("boss", ""), ElementsAre("c", "done", "z"));
    EXPECT_EQ(tally(bulk("owner", "code=nothing", {{"op", "remove"}})), "200: 0 and 0");
}

TEST_F(BulkByFilter, KnowsNoMoreFiltersThanTheActor) {
    EXPECT_EQ(bulk("owner", "margin__gt=1+UGX", pack()).text("code"), "http.unknown_filter");
    EXPECT_EQ(tally(bulk("boss", "margin__gt=1+UGX", pack())), "200: 0 and 0");
    EXPECT_EQ(bulk("owner", "state=fresh&page=2", pack()).text("errors.page.0"),
              "page doesn't say which rows are meant: leave it out.");
}

TEST_F(BulkByFilter, IsOneRequestForEachRow) {
    const Answer refused = bulk("owner", "state=fresh", {{"op", "change"}, {"data", {{"code", ""}}}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("detail"), "3 operations were refused, so none was done.");
    const std::string shelf = make("owner", "/shelves", {{"name", "Novels"}});
    make("owner", "/books", {{"shelf", shelf}, {"title", "Kintu"}});
    const Answer theirs = post("other", "/books/bulk", {{"filter", "shelf=" + shelf}, {"op", "remove"}});
    EXPECT_THAT(theirs.body, HasSubstr("You may not remove this book."));
    EXPECT_EQ(get("other", "/books").count(), 1);
    EXPECT_EQ(remove("boss", "/shelves/" + shelf).status, 204);
}

TEST_F(BulkByFilter, SaysWhatItCantTake) {
    const auto fault = [](const Body& body) {
        const Answer answer = post("owner", "/orders/bulk", body);
        std::string text = std::to_string(answer.status);
        const boost::json::value json = answer.json();
        for (const auto& error : json.at("errors").as_object())
            text += " " + std::string(error.key()) + ": " + std::string(error.value().at(0).as_string());
        return text;
    };
    const std::string empty =
        "422 filter: Must be what a list's address says, such as status=active&owner=me.";
    EXPECT_EQ(fault({{"filter", ""}, {"op", "remove"}}), empty);
    EXPECT_EQ(fault({{"filter", 5}, {"op", "remove"}}), empty);
    EXPECT_EQ(fault({{"filter", "state=fresh"}}), "422 op: This field is required.");
    EXPECT_EQ(fault({{"filter", "state=fresh"}, {"op", "create"}, {"data", Object{}}}),
              "422 op: A filter finds rows that are there already.");
    EXPECT_EQ(fault({{"filter", "state=fresh"}, {"op", "change"}}), "422 data: This field is required.");
    EXPECT_EQ(fault({{"filter", "state=fresh"}, {"op", "remove"}, {"id", Uuid::make().text()}}),
              "422 id: The filter says which rows are meant.");
    EXPECT_EQ(fault({{"filter", "state=fresh"}, {"op", "remove"}, {"operations", Array{}}}),
              "400 operations: There is no such field. These exist: filter, op, data, atomic, dry_run.");
    EXPECT_EQ(fault({{"op", "remove"},
                     {"operations", Array{Object{{"op", "remove"}, {"id", Uuid::make().text()}}}}}),
              "400 op: There is no such field. These exist: operations, filter, atomic, dry_run.");
}

TEST_F(BulkByFilter, TakesFiveHundredRows) {
    transact(site(), Actor::system(), [&](Tx& tx) {
        std::vector<toy_shop::Order> rows(501);
        for (auto& row : rows) {
            row.customer = {Uuid::parse(ann).value()};
            row.code = "many";
        }
        tx.insert(rows);
    });
    const Answer refused = bulk("owner", "code=many", {{"op", "remove"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.filter.0"),
              "The filter finds more than 500 rows, so nothing was done. Narrow it.");
    EXPECT_EQ(get("owner", "/orders?code=many").count(), 501);
    EXPECT_EQ(remove("owner", "/orders/" + get("owner", "/orders?code=many").ids().front()).status, 204);
    EXPECT_EQ(tally(bulk("owner", "code=many", {{"op", "remove"}})), "200: 500 and 0");
    EXPECT_EQ(get("owner", "/orders?code=many").count(), 0);
}

}  // namespace
}  // namespace tamiti::test
