#include "core/model/summary.hpp"

#include <gmock/gmock.h>

#include "core/model/member.hpp"
#include "tests/core/toy/shop_api.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Object money(const std::string& amount, const std::string& currency) {
    return {{"amount", amount}, {"currency", currency}};
}

class Summaries : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann");
        zed = customer("other", "Zed");
        order("owner", ann, "a", {{"state", "done"}, {"pieces", 1}, {"price", money("1200", "UGX")}});
        order("owner", ann, "b",
              {{"pieces", 2}, {"price", money("12.50", "USD")}, {"weight", "1.5"}, {"due_on", "2026-02-03"}});
        order("owner", ann, "c",
              {{"pieces", 3}, {"price", money("0.25", "USD")}, {"weight", "0.25"}, {"due_on", "2026-02-28"}});
        order("owner", ann, "d", {{"pieces", 4}, {"price", money("300", "UGX")}, {"due_on", "2026-03-01"}});
        order("owner", ann, "e", {{"pieces", 100}, {"put_away", true}});
        order("other", zed, "z", {{"pieces", 5}, {"margin", nullptr}});
    }
    void TearDown() override {
        for (const std::string& id : {ann, zed}) EXPECT_EQ(remove("boss", "/customers/" + id).status, 204);
    }

    static std::string of(const std::string& who, const std::string& query) {
        return get(who, "/orders/summary" + query).body;
    }
    static std::string groups(const std::string& who, const std::string& query) {
        const std::string body = of(who, query);
        const std::string begin = "\"groups\":";
        return body.find(begin) == body.npos ? body : body.substr(body.find(begin) + begin.size());
    }

    std::string ann, zed;
};

TEST_F(Summaries, CountInGroups) {
    EXPECT_EQ(
        of("owner", "?group=state"),
        R"({"count":4,"groups_complete":true,"groups":[{"state":"fresh","count":3},{"state":"done","count":1}]})")
        << "as the states are declared; nobody else's, and nothing that is put away";
    EXPECT_EQ(
        of("boss", "?group=state"),
        R"({"count":5,"groups_complete":true,"groups":[{"state":"fresh","count":4},{"state":"done","count":1}]})");
    EXPECT_EQ(of("nobody", "?group=state"), R"({"count":0,"groups_complete":true,"groups":[]})");
}

TEST_F(Summaries, WithoutGroupsTellOfAllRows) {
    EXPECT_EQ(of("owner", ""), R"({"count":4,"groups_complete":true,"groups":[{"count":4}]})");
    EXPECT_EQ(of("owner", "?sum=pieces"),
              R"({"count":4,"groups_complete":true,"groups":[{"count":4,"sum":{"pieces":10}}]})");
    EXPECT_EQ(groups("nobody", "?sum=pieces,price"), R"([{"count":0,"sum":{"pieces":0,"price":[]}}]})");
}

TEST_F(Summaries, AddUpWhatTheRowsHave) {
    EXPECT_EQ(groups("owner", "?group=state&sum=pieces,price,weight,work"),
              R"([{"state":"fresh","count":3,"sum":{"pieces":9,"price":[{"amount":"300","currency":"UGX"},)"
              R"({"amount":"12.75","currency":"USD"}],"weight":"1.75","work":0}},)"
              R"({"state":"done","count":1,"sum":{"pieces":1,"price":[{"amount":"1200","currency":"UGX"}],)"
              R"("weight":"0.00","work":0}}]})");
}

TEST_F(Summaries, AddUpSeveralAmountsEachByItsCurrency) {
    const std::string id = get("boss", "/orders?code=a").ids().at(0);
    EXPECT_EQ(patch("boss", "/orders/" + id, {{"margin", money("7.00", "USD")}}).status, 200);
    EXPECT_EQ(groups("boss", "?sum=margin,price&customer=" + ann),
              R"([{"count":4,"sum":{"margin":[{"amount":"7.00","currency":"USD"}],"price":[)"
              R"({"amount":"1500","currency":"UGX"},{"amount":"12.75","currency":"USD"}]}}]})");
}

TEST_F(Summaries, CutDaysToPeriods) {
    EXPECT_EQ(
        groups("owner", "?group=due_on:month"),
        R"([{"due_on":"2026-02-01","count":2},{"due_on":"2026-03-01","count":1},{"due_on":null,"count":1}]})");
    EXPECT_EQ(groups("owner", "?group=due_on:week&due_on__isnull=false"),
              R"([{"due_on":"2026-02-02","count":1},{"due_on":"2026-02-23","count":2}]})");
    EXPECT_EQ(groups("owner", "?group=due_on:quarter,state&due_on__isnull=false"),
              R"([{"due_on":"2026-01-01","state":"fresh","count":3}]})");
    EXPECT_EQ(groups("owner", "?group=due_on:year&due_on__isnull=false"),
              R"([{"due_on":"2026-01-01","count":3}]})");
    EXPECT_EQ(groups("owner", "?group=due_on:day&due_on__gte=2026-02-28"),
              R"([{"due_on":"2026-02-28","count":1},{"due_on":"2026-03-01","count":1}]})");
}

TEST_F(Summaries, CutTimesInTheZoneOfWhoAsks) {
    const std::string kiwi = customer("auckland", "Kiri");
    order("auckland", kiwi, "late", {{"placed_at", "2026-02-28T12:00:00Z"}});
    order("auckland", kiwi, "early", {{"placed_at", "2026-02-28T02:00:00Z"}});
    EXPECT_EQ(groups("auckland", "?group=placed_at:month"),
              R"([{"placed_at":"2026-02-01","count":1},{"placed_at":"2026-03-01","count":1}]})");
    EXPECT_EQ(groups("boss", "?group=placed_at:month&placed_at__isnull=false"),
              R"([{"placed_at":"2026-02-01","count":2}]})");
    EXPECT_EQ(remove("boss", "/customers/" + kiwi).status, 204);
}

TEST_F(Summaries, GroupByWhatIsDerivedAndByReferences) {
    const std::string late = order("owner", ann, "late", {{"due_on", day(-1)}});
    EXPECT_EQ(groups("owner", "?group=is_late&due_on__gte=today-3d"), R"([{"is_late":true,"count":1}]})");
    EXPECT_EQ(groups("owner", "?group=customer,state&state=done"),
              R"([{"customer":")" + ann + R"(","state":"done","count":1}]})");
    EXPECT_EQ(remove("owner", "/orders/" + late).status, 204);
}

TEST_F(Summaries, AreOfTheRowsThatAListFinds) {
    EXPECT_EQ(groups("owner", "?pieces__gte=3&sum=pieces"), R"([{"count":2,"sum":{"pieces":7}}]})");
    EXPECT_EQ(groups("owner", "?or=(pieces.eq.1,pieces.eq.2)&sum=pieces"),
              R"([{"count":2,"sum":{"pieces":3}}]})");
    EXPECT_EQ(groups("owner", "?put_away=true&sum=pieces"), R"([{"count":1,"sum":{"pieces":100}}]})");
    EXPECT_EQ(groups("owner", "?customer__name=Zed"), R"([{"count":0}]})");
    EXPECT_EQ(groups("boss", "?customer__name=Zed"), R"([{"count":1}]})");
}

TEST_F(Summaries, RefuseByNameWhatIsntThere) {
    const auto refusal = [](const std::string& who, const std::string& query) {
        const Answer answer = get(who, "/orders/summary?" + query);
        return std::to_string(answer.status) + " " + answer.text("detail");
    };
    EXPECT_THAT(refusal("owner", "group=colour"),
                HasSubstr("400 There is no grouping by \"colour\". These exist: customer, code, state, "
                          "due_on:day, due_on:week"));
    EXPECT_THAT(refusal("owner", "group=due_on"), HasSubstr("400 There is no grouping by \"due_on\"."));
    EXPECT_THAT(refusal("owner", "group=state:day"), HasSubstr("400 There is no grouping by \"state:day\"."));
    EXPECT_THAT(refusal("owner", "group=due_on:hour"),
                HasSubstr("400 There is no grouping by \"due_on:hour\"."));
    EXPECT_EQ(refusal("owner", "sum=margin"),
              "400 There is no sum of \"margin\". These exist: price, weight, work, pieces.");
    EXPECT_THAT(refusal("boss", "sum=colour"), HasSubstr("price, margin, weight, work, pieces."));
    EXPECT_EQ(refusal("owner", "group=due_on:day,due_on:week"), "400 Rows are grouped by due_on once.");
    EXPECT_EQ(refusal("owner", "group=state,code,customer,put_away"),
              "400 Rows are grouped by three fields at most.");
    EXPECT_EQ(refusal("owner", "page=2"), "400 A summary has no pages and tells no rows: leave out page.");
    EXPECT_THAT(refusal("owner", "margin__gt=1%20UGX"), HasSubstr("400 There is no filter \"margin__gt\"."));
    EXPECT_EQ(get("guest", "/orders/summary").status, 401);
}

TEST_F(Summaries, TellAThousandGroups) {
    const Uuid customer = Uuid::parse(ann).value();
    const auto add = [&](int from, int to) {
        transact(site(), Actor::system(), [&](Tx& tx) {
            std::vector<toy_shop::Order> rows;
            for (int i = from; i < to; ++i)
                rows.push_back({.customer = {customer}, .code = "many-" + std::to_string(1000 + i)});
            tx.insert(rows);
        });
    };
    const auto told = [](const std::string& who) {
        const Answer answer = get(who, "/orders/summary?group=code&code__icontains=many");
        const auto json = answer.json();
        return std::to_string(answer.count()) + " " + std::to_string(json.at("groups").as_array().size()) +
               " " + answer.text("groups_complete");
    };
    add(0, 1000);
    EXPECT_EQ(told("owner"), "1000 1000 true");
    add(1000, 1002);
    EXPECT_EQ(told("owner"), "1002 1000 false");
    EXPECT_EQ(told("boss"), "1002 1000 false");
}

TEST_F(Summaries, ReachWhatIsFarBeyondAFewRows) {
    transact(site(), Actor::system(), [&](Tx& tx) {
        std::vector<toy_shop::Customer> kept;
        for (int i = 0; i < 150; ++i) kept.push_back({.name = "Many", .keeper = id_of("owner").text()});
        tx.insert(kept);
        std::vector<toy_shop::Order> rows;
        for (const auto& each : kept) rows.push_back({.customer = each.id, .code = "far", .pieces = 2});
        tx.insert(rows);
    });
    EXPECT_EQ(groups("owner", "?sum=pieces&code=far"), R"([{"count":150,"sum":{"pieces":300}}]})");
    EXPECT_EQ(groups("other", "?sum=pieces&code=far"), R"([{"count":0,"sum":{"pieces":0}}]})");
    EXPECT_EQ(groups("boss", "?group=customer&code=z"), R"([{"customer":")" + zed + R"(","count":1}]})");
    transact(site(), Actor::system(),
             [](Tx& tx) { tx.execute(Sql("DELETE FROM shop_customer WHERE name = 'Many'")); });
}

TEST_F(Summaries, AreFoundByClients) {
    const auto meta = get("owner", "/meta/shop.order").json();
    const auto names = [&](const char* key) {
        std::string all;
        for (const auto& name : meta.at(key).as_array()) all += std::string(name.as_string()) + " ";
        return all;
    };
    EXPECT_THAT(names("groups"), HasSubstr("customer code state due_on:day due_on:week due_on:month"));
    EXPECT_EQ(names("sums"), "price weight work pieces ");
    bool is_allowed = false;
    const boost::json::value index = get("owner", "/meta").json();
    for (const auto& model : index.at("models").as_array())
        if (model.at("name").as_string() == "shop.order")
            for (const auto& verb : model.at("allow").as_array()) is_allowed |= verb.as_string() == "summary";
    EXPECT_TRUE(is_allowed);
}

TEST_F(Summaries, AnswerToTheirEntityTag) {
    const Answer first = get("owner", "/orders/summary?group=state");
    EXPECT_EQ(get("owner", "/orders/summary?group=state", {{"If-None-Match", first.header("ETag")}}).status,
              304);
}

}  // namespace
}  // namespace tamiti::test
