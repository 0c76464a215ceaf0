#include "core/model/conditions.hpp"

#include <gmock/gmock.h>

#include "core/base/problem.hpp"
#include "tests/core/toy/shop_api.hpp"

namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Conditions : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann", {{"city", "Jinja"}});
        ben = customer("owner", "Ben, and (sons)", {{"city", "Mbale"}});
        order("owner", ann, "a", {{"pieces", 1}, {"due_on", day(-1)}});
        order("owner", ann, "b", {{"pieces", 2}, {"state", "packed"}, {"watchers", {ann}}});
        order("owner", ben, "c", {{"pieces", 3}, {"state", "done"}, {"watchers", {ann, ben}}});
        order("owner", ben, "d", {{"pieces", 4}, {"margin", {{"amount", "5"}, {"currency", "UGX"}}}});
    }
    void TearDown() override {
        for (const std::string& id : {ann, ben}) EXPECT_EQ(remove("boss", "/customers/" + id).status, 204);
    }

    /// Why a list with that query is refused: status, the member that is at fault, and the sentence.
    static std::string refusal(const std::string& query, const std::string& who = "owner") {
        const Answer answer = get(who, "/orders?" + query);
        std::string text = std::to_string(answer.status);
        if (answer.status == 200) return text;
        const boost::json::value json = answer.json();
        for (const auto& error : json.at("errors").as_object())
            text += " " + std::string(error.key()) + ": " + std::string(error.value().at(0).as_string());
        return text;
    }

    std::string ann, ben;
};

TEST_F(Conditions, HoldIfAnyDoes) {
    EXPECT_THAT(codes("owner", "?or=(state.eq.packed,pieces.gt.3)"), ElementsAre("b", "d"));
    EXPECT_THAT(codes("boss", "?or=(state.eq.packed,pieces.gt.3)"), ElementsAre("b", "d"));
    EXPECT_THAT(codes("owner", "?or=(state.in.(packed,done))"), ElementsAre("b", "c"));
    EXPECT_THAT(codes("owner", "?or=(code.icontains.A,pieces.lte.2)&state=fresh"), ElementsAre("a"));
}

TEST_F(Conditions, HoldIfNotAllDo) {
    EXPECT_THAT(codes("owner", "?not=(state.eq.fresh)"), ElementsAre("b", "c"));
    EXPECT_THAT(codes("owner", "?not=(state.eq.fresh,pieces.eq.1)"), ElementsAre("b", "c", "d"));
    EXPECT_THAT(codes("owner", "?not=(due_on.lt.today)"), ElementsAre("b", "c", "d"))
        << "what has no day isn't before it";
}

TEST_F(Conditions, StandInEachOther) {
    EXPECT_THAT(codes("owner", "?or=(and(state.eq.fresh,pieces.eq.1),not(pieces.lt.4))"),
                ElementsAre("a", "d"));
    EXPECT_THAT(codes("owner", "?not=(or(pieces.eq.1,pieces.eq.2))&or=(pieces.eq.1,pieces.eq.3)"),
                ElementsAre("c"));
    EXPECT_THAT(codes("owner", "?or=(pieces.eq.1,pieces.eq.2)&or=(pieces.eq.2,pieces.eq.3)"),
                ElementsAre("b"))
        << "given twice, both hold";
}

TEST_F(Conditions, GoThroughOneReference) {
    EXPECT_THAT(codes("owner", "?or=(customer.city.eq.Jinja,pieces.eq.4)"), ElementsAre("a", "b", "d"));
    EXPECT_THAT(codes("owner", "?or=(customer.city.eq.Jinja,customer.city.icontains.bal)"),
                ElementsAre("a", "b", "c", "d"));
    EXPECT_THAT(codes("owner", "?not=(customer.city.eq.Jinja)"), ElementsAre("c", "d"));
    EXPECT_EQ(refusal("or=(customer.keeper.eq.x)"), "400 or: There is no filter \"customer.keeper.eq\".");
}

TEST_F(Conditions, TakeTheValuesOfFilters) {
    EXPECT_THAT(codes("owner", "?or=(customer.name.eq.\"Ben, and (sons)\")"), ElementsAre("c", "d"));
    EXPECT_THAT(codes("owner", "?or=(customer.name.in.(\"Ben, and (sons)\",Ann))&state=fresh"),
                ElementsAre("a", "d"));
    EXPECT_THAT(codes("owner", "?or=(code.eq.\"\\\"a\\\\\",code.eq.b)"), ElementsAre("b"));
    EXPECT_THAT(codes("owner", "?or=(due_on.eq.today-1d)"), ElementsAre("a"));
    EXPECT_THAT(codes("owner", "?or=(due_on.isnull.false)"), ElementsAre("a"));
    EXPECT_THAT(codes("owner", "?or=(watchers.all.(" + ann + "," + ben + "))"), ElementsAre("c"));
    EXPECT_THAT(codes("owner", "?or=(watchers.any.(" + ann + "))"), ElementsAre("b", "c"));
    EXPECT_THAT(codes("owner", "?or=(is_late.eq.true)"), ElementsAre("a"));
}

TEST_F(Conditions, KnowTheFiltersOfTheActorAlone) {
    EXPECT_EQ(refusal("or=(margin.gt.1%20UGX)"), "400 or: There is no filter \"margin.gt\".");
    EXPECT_THAT(codes("boss", "?or=(margin.gt.1%20UGX)"), ElementsAre("d"));
    EXPECT_THAT(get("owner", "/orders?or=(margin.gt.1%20UGX)").text("detail"), Not(HasSubstr("margin__gt")));
    EXPECT_EQ(refusal("not=(colour.eq.red)"), "400 not: There is no filter \"colour.eq\".");
    EXPECT_EQ(refusal("or=(state.eq.asleep)"), "400 or: Must be one of fresh, packed, done.");
    EXPECT_EQ(refusal("or=(due_on.isnull.maybe)"), "400 or: Must be true or false.");
}

TEST_F(Conditions, OfExportsAreThoseOfLists) {
    EXPECT_EQ(get("owner", "/orders?format=csv&fields=code&or=(pieces.eq.1,pieces.eq.2)").body,
              "code\r\na\r\nb\r\n");
}

TEST_F(Conditions, AreRefusedWhereTheyStopMakingSense) {
    const auto refused = [](const std::string& text) {
        try {
            read_condition("or", text);
        } catch (const Problem& problem) {
            const std::string& detail = problem.detail();
            const std::size_t from = detail.find(": ") + 2;
            return detail.substr(from, detail.find(". Write") - from);
        }
        return std::string();
    };
    EXPECT_EQ(refused("(a.eq.1)"), "");
    EXPECT_EQ(refused("a.eq.1"), "a ( is missing, at character 1");
    EXPECT_EQ(refused("(a.eq.1"), "a ) is missing, at character 8");
    EXPECT_EQ(refused("(a.eq.1))"), "something follows the last bracket, at character 9");
    EXPECT_EQ(refused("()"), "a name is missing, at character 2");
    EXPECT_EQ(refused("(a.eq.1,)"), "a name is missing, at character 9");
    EXPECT_EQ(refused("(a.in.1)"), "a ( is missing, at character 7");
    EXPECT_EQ(refused("(a.eq.x(y))"), "a value with brackets or quotes stands in quotes, at character 8");
    EXPECT_EQ(refused("(a.eq.\"x)"), "a quote isn't closed, at character 10");
    EXPECT_THAT(refused("(a)"), HasSubstr("a has no operator: one of eq, in, any, all, lt"));
    EXPECT_EQ(refused("(or(or(or(a.eq.1))))"), "");
    EXPECT_EQ(refused("(or(or(or(or(a.eq.1)))))"),
              "there are more than four levels of brackets, at character 13");
    std::string many = "(a.eq.1";
    for (int i = 0; i < 19; ++i) many += ",a.eq.1";
    EXPECT_EQ(refused(many + ")"), "");
    EXPECT_THAT(refused(many + ",a.eq.1)"), HasSubstr("there are more than 20 conditions"));
}

TEST_F(Conditions, CountAsFilters) {
    std::string many = "or=(pieces.eq.1";
    for (int i = 0; i < 18; ++i) many += ",pieces.eq.1";
    EXPECT_EQ(refusal(many + ")&state=fresh"), "200");
    EXPECT_EQ(get("owner", "/orders?" + many + ")&state=fresh&pieces=1&code=a").text("type"),
              "/problems/http.too_many_filters");
}

}  // namespace
}  // namespace tamiti::test
