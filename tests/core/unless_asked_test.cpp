#include <gmock/gmock.h>

#include "core/model/describe.hpp"
#include "core/program/print.hpp"
#include "tests/core/toy/shop_api.hpp"

namespace tamiti::hatches {

struct Hatch;
const Model& model_of(tag<Hatch>);

struct Hatch {
    Id<Hatch> id{};
    std::string colour{};
    std::string secret{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

using Filters = std::vector<std::pair<std::string, std::string>>;

/// What the next description of a hatch says.
Filters& unless_asked() {
    static Filters filters;
    return filters;
}

const Model& model_of(tag<Hatch>) {
    static std::vector<std::unique_ptr<Model>> made;
    made.push_back(std::make_unique<Model>(describe<Hatch>(
        "hatches.hatch",
        {.table = "hatches_hatch",
         .doc = "",
         .fields = {uuid_model<Hatch>(), field<&Hatch::colour>("colour", {.filter = one_or_any}),
                    field<&Hatch::secret>("secret", {.filter = one_or_any, .read = "hatches.see"}),
                    time_stamped_model<Hatch>()},
         .unless_asked = unless_asked()})));
    return *made.back();
}

}  // namespace tamiti::hatches

namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class UnlessAsked : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann");
        here = order("owner", ann, "here");
        away = order("owner", ann, "away", {{"put_away", true}});
    }
    void TearDown() override { EXPECT_EQ(remove("boss", "/customers/" + ann).status, 204); }

    std::string ann, here, away;
};

TEST_F(UnlessAsked, AListLeavesOutWhatIsPutAway) {
    for (const char* who : {"owner", "boss"}) {
        EXPECT_THAT(codes(who, ""), ElementsAre("here"));
        EXPECT_EQ(get(who, "/orders").count(), 1);
        EXPECT_THAT(codes(who, "?state=fresh"), ElementsAre("here")) << "asking for something else";
    }
    EXPECT_EQ(get("owner", "/orders?format=csv&fields=code").body, "code\r\nhere\r\n");
}

TEST_F(UnlessAsked, AnyFilterOnTheFieldIsAsking) {
    EXPECT_THAT(codes("owner", "?put_away=true"), ElementsAre("away"));
    EXPECT_THAT(codes("owner", "?put_away=false"), ElementsAre("here"));
    EXPECT_THAT(codes("owner", "?put_away__in=true,false"), ElementsAre("away", "here"));
    EXPECT_THAT(codes("owner", "?or=(put_away.eq.true,code.eq.here)"), ElementsAre("away", "here"));
    EXPECT_THAT(codes("owner", "?not=(or(put_away.eq.false,code.eq.x))"), ElementsAre("away"));
    EXPECT_EQ(get("owner", "/orders?format=csv&fields=code&put_away=true").body, "code\r\naway\r\n");
}

TEST_F(UnlessAsked, WhatIsPutAwayIsStillThere) {
    EXPECT_EQ(get("owner", "/orders/" + away).text("put_away"), "true");
    EXPECT_EQ(patch("owner", "/orders/" + away, {{"code", "far"}}).status, 200);
    EXPECT_EQ(get("owner", "/customers/" + ann).text("open_orders"), "2");
}

TEST_F(UnlessAsked, ClientsAreTold) {
    EXPECT_EQ(get("owner", "/meta/shop.order").text("unless_asked.put_away"), "false");
    EXPECT_EQ(get("owner", "/meta/shop.customer").json().as_object().count("unless_asked"), 0u);
    EXPECT_THAT(print::model(registry(), model_of(tag<toy_shop::Order>{})), HasSubstr("lists, unless asked"));
}

std::string fault_of(hatches::Filters filters) {
    hatches::unless_asked() = std::move(filters);
    try {
        Catalogue catalogue;
        Resource hatch =
            resource<hatches::Hatch>("/hatches", {.view = [](const Actor&) { return Scope::all(); }});
        catalogue.add("hatches", hatch);
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return {};
}

TEST(UnlessAskedDescriptions, AreCheckedAtTheStart) {
    const std::string begin = "hatches.hatch: what its lists do unless asked can't be done: ";
    EXPECT_EQ(fault_of({{"colour", "red"}}), "");
    EXPECT_EQ(fault_of({{"colour__in", "red,blue"}}), "");
    EXPECT_THAT(fault_of({{"size", "1"}}), HasSubstr(begin + "There is no filter \"size\"."));
    EXPECT_THAT(fault_of({{"secret", "x"}}), HasSubstr(begin + "There is no filter \"secret\"."))
        << "a list would tell what the actor may not see";
    EXPECT_THAT(fault_of({{"id", "x"}}), HasSubstr(begin + "The filter id has a value that can't be used"));
}

}  // namespace
}  // namespace tamiti::test
