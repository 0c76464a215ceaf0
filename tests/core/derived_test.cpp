#include "core/model/derived.hpp"

#include <gmock/gmock.h>

#include "core/model/describe.hpp"
#include "core/model/list.hpp"
#include "core/model/schema.hpp"
#include "core/program/print.hpp"
#include "tests/core/toy/shop_api.hpp"

namespace tamiti::sample {

struct Odd;
const Model& model_of(tag<Odd>);

/// The customers of the toy shop, described anew.
struct Odd {
    Id<Odd> id{};
    std::string name{};
    std::optional<bool> is_odd{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

Model described(std::string expression, Rules rules = {}, std::vector<std::string> brief = {}) {
    return describe<Odd>("sample.odd",
                         {.table = "shop_customer",
                          .doc = "",
                          .fields = {uuid_model<Odd>(), field<&Odd::name>("name"),
                                     derived<&Odd::is_odd>("is_odd", std::move(expression), std::move(rules)),
                                     time_stamped_model<Odd>()},
                          .brief = std::move(brief)});
}

const Model& model_of(tag<Odd>) {
    static const Model odd = described("nickname = 'odd'");
    return odd;
}

}  // namespace tamiti::sample

namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DerivedFields : public ShopApi {
public:
    void SetUp() override {
        ann = customer("owner", "Ann");
        late = order("owner", ann, "late", {{"due_on", day(-1)}});
        today = order("owner", ann, "today", {{"due_on", day(0)}});
        done = order("owner", ann, "done", {{"due_on", day(-1)}, {"state", "done"}});
        someday = order("owner", ann, "someday");
    }
    void TearDown() override { EXPECT_EQ(remove("boss", "/customers/" + ann).status, 204); }

    static std::string is_late(const std::string& id, const std::string& who = "owner") {
        return get(who, "/orders/" + id).text("is_late");
    }

    std::string ann, late, today, done, someday;
};

TEST_F(DerivedFields, AreReadWithTheRow) {
    EXPECT_THAT(get("owner", "/orders?ordering=code&fields=code,is_late").each("is_late"),
                ElementsAre("false", "true", "false", "false"));
    EXPECT_EQ(is_late(late), "true");
    EXPECT_EQ(is_late(someday), "false") << "NULL is the member's initial value";
    EXPECT_THAT(get("boss", "/orders?ordering=code").each("is_late"),
                ElementsAre("false", "true", "false", "false"))
        << "also where no scope narrows the list";
}

TEST_F(DerivedFields, AreAnsweredByWrites) {
    const Answer made = post("owner", "/orders", {{"customer", ann}, {"code", "X"}, {"due_on", day(-3)}});
    EXPECT_EQ(made.text("is_late"), "true");
    EXPECT_EQ(patch("owner", "/orders/" + made.text("id"), {{"due_on", day(3)}}).text("is_late"), "false");
}

TEST_F(DerivedFields, CantBeSent) {
    const Answer refused = patch("owner", "/orders/" + today, {{"is_late", true}});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.text("errors.is_late.0"), "This field is set by the program.");
    EXPECT_EQ(is_late(today), "false");
}

TEST_F(DerivedFields, GoByTheSitesClock) {
    EXPECT_EQ(is_late(today), "false");
    clock().advance(std::chrono::hours(24));
    EXPECT_EQ(is_late(today), "true");
    EXPECT_THAT(codes("owner", "?is_late=true"), ElementsAre("late", "today"));
    clock().advance(-std::chrono::hours(24));
}

TEST_F(DerivedFields, TodayIsThatOfWhoAsks) {
    const Timestamp before = clock().now();
    clock().set(std::chrono::floor<std::chrono::days>(before) + std::chrono::hours(23));
    const std::string kiwi = customer("auckland", "Kiri");
    const std::string ends = order("auckland", kiwi, "ends", {{"due_on", day(0)}});
    EXPECT_EQ(is_late(ends, "auckland"), "true") << "it is tomorrow there";
    EXPECT_EQ(is_late(ends, "boss"), "false");
    EXPECT_THAT(codes("auckland", "?is_late=true"), ElementsAre("ends"));
    clock().set(before);
    EXPECT_EQ(remove("boss", "/customers/" + kiwi).status, 204);
}

TEST_F(DerivedFields, AreFilteredAndSorted) {
    EXPECT_THAT(codes("owner", "?is_late=true"), ElementsAre("late"));
    EXPECT_THAT(codes("owner", "?is_late=false&due_on__isnull=false"), ElementsAre("done", "today"));
    EXPECT_THAT(codes("owner", "?ordering=-is_late,code"), ElementsAre("late", "done", "someday", "today"));
    const Answer first = get("owner", "/orders?ordering=-is_late,code&cursor=&page_size=1");
    EXPECT_THAT(first.each("code"), ElementsAre("late"));
    const std::string next = first.text("next");
    EXPECT_THAT(get("owner", next.substr(next.find("/orders"))).each("code"), ElementsAre("done"));
    EXPECT_THAT(get("boss", "/customers?open_orders__gt=2").ids(), ElementsAre(ann));
    EXPECT_THAT(get("boss", "/customers?open_orders__gt=3").ids(), IsEmpty());
    EXPECT_THAT(codes("owner", "?customer__open_orders=3&state=done"), ElementsAre("done"));
}

TEST_F(DerivedFields, AreExported) {
    const Answer file = get("owner", "/orders?format=csv&fields=code,is_late&ordering=code&is_late=true");
    EXPECT_EQ(file.body, "code,is_late\r\nlate,true\r\n");
}

TEST_F(DerivedFields, CostNothingWhereTheyArentAskedFor) {
    const Resource& customers = *registry().catalogue().resource_of(model_of(tag<toy_shop::Customer>{}));
    const auto columns = [&](const std::vector<std::string>& fields) {
        db::Params params;
        return Output(registry().catalogue(), customers, actor("owner"), {.fields = fields}, params)
            .columns();
    };
    EXPECT_THAT(columns({"name"}), Not(HasSubstr("shop_order")));
    EXPECT_THAT(columns({"open_orders"}), HasSubstr("shop_order"));
}

TEST_F(DerivedFields, AreLeftOutOfRowObjects) {
    transact(site(), Actor::system(), [&](Tx& tx) {
        toy_shop::Order row = tx.get(Id<toy_shop::Order>{Uuid::parse(late).value()});
        EXPECT_FALSE(row.is_late) << "as the member begins";
        EXPECT_THROW(tx.save(row, &toy_shop::Order::is_late), std::logic_error);
    });
    const Answer finished = post("owner", "/orders/" + late + "/finish");
    EXPECT_EQ(finished.text("state"), "done");
    EXPECT_EQ(finished.text("is_late"), "false") << "verbs answer the row as it is read";
    EXPECT_EQ(finished.body, get("owner", "/orders/" + late).body);
}

TEST_F(DerivedFields, AreDescribed) {
    const Answer meta = get("owner", "/meta/shop.order");
    bool found = false;
    const boost::json::value json = meta.json();
    for (const auto& field : json.at("fields").as_array()) {
        if (field.at("name").as_string() != "is_late") continue;
        found = true;
        EXPECT_EQ(field.at("write").as_string(), "never");
        EXPECT_EQ(field.at("type").as_string(), "boolean");
    }
    EXPECT_TRUE(found);
    const std::string described = print::model(registry(), model_of(tag<toy_shop::Order>{}));
    EXPECT_THAT(described, HasSubstr("no column"));
    EXPECT_THAT(described, HasSubstr("t.due_on < $today AND t.state <> 'done'"));
}

TEST_F(DerivedFields, NeedNoColumnButATableThatAnswersThem) {
    const auto connection = site().pool->acquire();
    std::vector<std::string> faults;
    for (const std::string& fault : compare_schema(*connection, registry().catalogue()).faults)
        if (fault.find("has no index") == std::string::npos) faults.push_back(fault);
    EXPECT_THAT(faults, IsEmpty());

    Catalogue catalogue;
    Resource odd = resource<sample::Odd>("/odd", {.view = [](const Actor&) { return Scope::all(); }});
    catalogue.add("sample", odd);
    std::string told;
    for (const std::string& fault : compare_schema(*connection, catalogue).faults) told += fault + "\n";
    EXPECT_THAT(told, HasSubstr("sample.odd: the table shop_customer can't answer is_odd: "));
    EXPECT_THAT(told, HasSubstr("\"nickname\" does not exist"));
}

std::string fault_of(const std::string& expression, Rules rules = {}, std::vector<std::string> brief = {}) {
    try {
        sample::described(expression, std::move(rules), std::move(brief));
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return {};
}

TEST(DerivedFieldDescriptions, AreCheckedAtTheStart) {
    EXPECT_EQ(fault_of("name = 'x)' AND created_at < {now}"), "");
    EXPECT_EQ(
        fault_of("created_at < {tomorrow}"),
        "sample.odd.is_odd: its expression has {tomorrow}, but {now}, {today} and {row} are all there is");
    EXPECT_EQ(fault_of("name = $1"),
              "sample.odd.is_odd: its expression has a $, but {now}, {today} and {row} are all there is");
    EXPECT_EQ(fault_of("(name = 'x'"),
              "sample.odd.is_odd: the brackets or quotes of its expression don't match");
    EXPECT_EQ(fault_of(""), "sample.odd.is_odd: a derived field needs an expression");
    const std::string no_column = "sample.odd.is_odd: a derived field has no column, so it can't be ";
    EXPECT_EQ(fault_of("true", {.required = true}), no_column + "required");
    EXPECT_EQ(fault_of("true", {.search = 'A'}), no_column + "searched");
    EXPECT_EQ(fault_of("true", {.write = "sample.edit"}), no_column + "written with a permission");
    EXPECT_EQ(fault_of("true", {.create_only = true}), no_column + "sent on create");
    EXPECT_EQ(fault_of("true", {.unique = true}), no_column + "unique");
    EXPECT_EQ(fault_of("true", {}, {"is_odd"}),
              "sample.odd: the brief form has no room for the derived field is_odd");
}

TEST(DerivedFieldDescriptions, NameTheColumnsOfTheirOwnRow) {
    const auto value = [](const std::string& expression) {
        const Model model = sample::described(expression);
        return derived_value(model.field("is_odd"), "x");
    };
    EXPECT_EQ(value("name = 'name' OR lower(name) = \"name\" AND version > 1"),
              "((x.name = 'name' OR lower(x.name) = \"name\" AND x.version > 1)::boolean)");
    EXPECT_EQ(value("(SELECT count(*) > 1 FROM other AS o WHERE name = {row}.name) AND name <> ''"),
              "(((SELECT count(*) > 1 FROM other AS o WHERE name = x.name) AND x.name <> '')::boolean)");
}

}  // namespace
}  // namespace tamiti::test
