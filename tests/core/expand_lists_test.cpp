#include <gmock/gmock.h>

#include "tests/core/toy/shop_api.hpp"

namespace tamiti::test {
namespace {

class ExpandedLists : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann");
        ben = customer("owner", "Ben \"the\" baker");
        zed = customer("other", "Zed");
        watched = order("boss", ann, "watched", {{"watchers", {ben, zed, ann}}});
        order("owner", ann, "unwatched");
    }
    void TearDown() override {
        for (const std::string& id : {ann, ben, zed})
            EXPECT_EQ(remove("boss", "/customers/" + id).status, 204);
    }

    static std::string quoted(const std::string& id) { return "{\"id\":\"" + id + "\""; }
    /// What the list of watchers is where Zed looks like that.
    std::string watchers(const std::string& as_zed) const {
        return "[" + quoted(ben) + R"(,"name":"Ben \"the\" baker"},)" + quoted(zed) + as_zed + "," +
               quoted(ann) + R"(,"name":"Ann"}])";
    }

    std::string ann, ben, zed, watched;
};

TEST_F(ExpandedLists, HaveTheRowsInTheirOrder) {
    const std::string path = "/orders?fields=code&expand=watchers&ordering=code";
    const std::string page = get("boss", path).body;
    const std::string begin =
        R"("results":[{"code":"unwatched","watchers":[]},{"code":"watched","watchers":)";
    EXPECT_EQ(page.substr(page.find("\"results\"")), begin + watchers(R"(,"name":"Zed"})") + "}]}");
    const std::string row = get("boss", "/orders/" + watched + "?fields=code&expand=watchers").body;
    EXPECT_EQ(row, R"({"code":"watched","watchers":)" + watchers(R"(,"name":"Zed"})") + "}");
}

TEST_F(ExpandedLists, TellOfHiddenRowsTheirIdAlone) {
    const std::string row = get("owner", "/orders/" + watched + "?fields=code&expand=watchers").body;
    EXPECT_EQ(row, R"({"code":"watched","watchers":)" + watchers("}") + "}");
}

TEST_F(ExpandedLists, StandBesideOtherExpansions) {
    const Answer row = get("owner", "/orders/" + watched + "?expand=customer,watchers&can=true");
    EXPECT_EQ(row.text("customer.name"), "Ann");
    EXPECT_EQ(row.text("watchers.2.name"), "Ann");
    EXPECT_EQ(row.text("code"), "watched");
    EXPECT_EQ(row.text("can.0"), "change");
}

TEST_F(ExpandedLists, LeadNoFurther) {
    const Answer refused = get("owner", "/orders?expand=watchers.name");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.text("errors.expand.0"),
              "There is no \"watchers.name\" here. These exist: customer, watchers.");
    EXPECT_EQ(get("owner", "/orders").json().at("results").at(1).at("watchers").at(0).as_string(), ben)
        << "without expand they are ids";
}

}  // namespace
}  // namespace tamiti::test
