#include "core/model/nested.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/json.hpp>

#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/model/input.hpp"
#include "core/openapi/openapi.hpp"
#include "core/program/documented.hpp"
#include "tests/core/toy_notes.hpp"

namespace tamiti {
namespace toy {

enum class Unit : std::uint8_t { piece, hour };
BOOST_DESCRIBE_ENUM(Unit, piece, hour)

struct Line {
    std::string text{};
    Money amount{};
    int count = 1;
    Unit unit = Unit::piece;
    std::optional<std::string> note{};
    bool operator==(const Line&) const = default;
};
const Shape& shape_of(tag<Line>) {
    static const Shape shape =
        input<Line>({field<&Line::text>("text", {.max_length = 20}), field<&Line::amount>("amount"),
                     field<&Line::count>("count", {.minimum = "1", .maximum = "99"}),
                     field<&Line::unit>("unit"), field<&Line::note>("note")});
    return shape;
}

/// Where it goes; every part may be left out.
struct Place {
    std::optional<std::string> street{};
    std::string city = "Kampala";
    bool operator==(const Place&) const = default;
};
BOOST_DESCRIBE_STRUCT(Place, (), (street, city))

struct Order {
    std::string title{};
    std::vector<Line> lines{};
    Place place{};
    std::optional<Line> tip{};
};
const Shape& shape_of(tag<Order>) {
    static const Shape shape = input<Order>(
        {field<&Order::title>("title"), field<&Order::lines>("lines", {.required = true, .max_length = 3}),
         field<&Order::place>("place"), field<&Order::tip>("tip", {.help = "For the crew."})});
    return shape;
}

struct Quote {
    Id<Quote> id{};
    std::vector<Line> lines{};
    Place place{};
    Timestamp created_at{}, updated_at{};
    int version = 1;
};
const Model& model_of(tag<Quote>) {
    static const Model quote = describe<Quote>(
        "toy.quote", {.table = "toy_quote",
                      .doc = "",
                      .fields = {uuid_model<Quote>(), field<&Quote::lines>("lines"),
                                 field<&Quote::place>("place"), time_stamped_model<Quote>()}});
    return quote;
}
Order order(Tx&, const Actor&, const Order& asked) {
    return asked;
}
Scope everything(const Actor&) {
    return Scope::all();
}
App app() {
    return {.name = "toy",
            .doc = "",
            .resources = {resource<Quote>("/quotes", {.view = everything, .create = everything})},
            .routes = {post("/orders", order, "Order.", anyone())}};
}

}  // namespace toy

namespace {

using testing::ElementsAre;
using toy::Line;
using toy::Order;

/// Reads the text; answers what is wrong with it, path by path.
std::vector<std::string> faults(std::string_view text, Order& order) {
    std::vector<std::string> all;
    try {
        read_shape(shape_of(tag<Order>{}), json::parse(text), Actor{}, &order);
    } catch (const Problem& problem) {
        for (const FieldError& error : problem.errors()) all.push_back(error.field + ": " + error.message);
    }
    return all;
}
std::vector<std::string> faults(std::string_view text) {
    Order order;
    return faults(text, order);
}

TEST(Nested, IsReadWithWhatIsLeftOut) {
    Order order;
    EXPECT_THAT(faults(R"({"title": "Set", "lines": [
                            {"text": "Flat", "amount": {"amount": "1500", "currency": "UGX"}, "unit": "hour"},
                            {"text": "Lamp", "amount": {"amount": "2.50", "currency": "USD"}, "count": 4}]})",
                       order),
                ElementsAre());
    EXPECT_EQ(order.lines,
              (std::vector<Line>{{.text = "Flat", .amount = {1500, "UGX"}, .unit = toy::Unit::hour},
                                 {.text = "Lamp", .amount = {250, "USD"}, .count = 4}}));
    EXPECT_EQ(order.place, toy::Place{});
    EXPECT_FALSE(order.tip);
}

TEST(Nested, NamesThePathOfEachFault) {
    EXPECT_THAT(
        faults(R"({"title": "Set", "place": {"city": 7}, "lines": [
                     {"text": "Flat", "amount": {"amount": "1500", "currency": "UGX"}},
                     {"text": "", "amount": null, "count": 100, "colour": "red"},
                     "Lamp"]})"),
        ElementsAre("place.city: Must be a string, not a number.",
                    "lines.1.colour: There is no such field. These exist: text, amount, count, unit, note.",
                    "lines.1.text: This field can't be empty.", "lines.1.amount: This field can't be null.",
                    "lines.1.count: Must be between 1 and 99, not 100.",
                    "lines.2: Must be an object, not a string."));
}

TEST(Nested, RequiresWhatTheNestedShapeRequires) {
    EXPECT_THAT(
        faults(R"({"title": "Set", "lines": [{}]})"),
        ElementsAre("lines.0.text: This field is required.", "lines.0.amount: This field is required."));
    EXPECT_THAT(faults(R"({"title": "Set"})"), ElementsAre("lines: This field is required."));
    EXPECT_THAT(faults(R"({"title": "Set", "lines": []})"), ElementsAre("lines: This field can't be empty."));
}

TEST(Nested, LimitsLists) {
    EXPECT_THAT(faults(R"({"title": "Set", "lines": [{}, {}, {}, {}]})"),
                ElementsAre("lines: Must have at most 3 elements, not 4."));
    EXPECT_THAT(faults(R"({"title": "Set", "lines": {}})"),
                ElementsAre("lines: Must be a list of objects, not an object."));
}

TEST(Nested, IsWrittenWhole) {
    const Order order{.title = "Set", .lines = {{.text = "Lamp", .amount = {250, "USD"}}}};
    std::string out;
    write_shape(shape_of(tag<Order>{}), Actor{}, &order, out);
    EXPECT_EQ(json::parse(out),
              json::parse(R"({"title": "Set", "tip": null, "place": {"street": null, "city": "Kampala"},
                              "lines": [{"text": "Lamp", "amount": {"amount": "2.50", "currency": "USD"},
                                         "count": 1, "unit": "piece", "note": null}]})"));
}

TEST(Nested, ReadsOlderRowsByWhatTheyHave) {
    using Lines = Member<std::vector<Line>>;
    const auto lines = Lines::load(R"([{"text": "Older than the limit of twenty letters",
                                        "amount": {"amount": "1", "currency": "UGX"}, "colour": "red"}])");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].text, "Older than the limit of twenty letters");
    EXPECT_EQ(lines[0].count, 1);
    EXPECT_THROW(Lines::load("{}"), std::out_of_range);
    EXPECT_THROW(Lines::load(R"([{"unit": "week"}])"), std::out_of_range);
}

struct Filtered {
    std::string text{};
};
const Shape& shape_of(tag<Filtered>) {
    static const Shape shape = input<Filtered>({field<&Filtered::text>("text", {.filter = Match::equal})});
    return shape;
}
TEST(Nested, HasNoRulesOfColumns) {
    try {
        NestedType(shape_of(tag<Filtered>{}), true);
        FAIL();
    } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(), "Filtered: text has a rule that only a column of its own can have");
    }
}

TEST(Nested, IsAComponentOfTheDocument) {
    const Registry registry({toy::app()});
    const boost::json::value document = openapi(documented(registry));
    const auto at = [&](const std::string& pointer) {
        return document.at_pointer("/components/schemas" + pointer);
    };
    EXPECT_EQ(at("/Order/properties/lines/items/$ref"), "#/components/schemas/LineInput");
    EXPECT_EQ(at("/Quote/properties/lines/items/$ref"), "#/components/schemas/Line");
    EXPECT_EQ(at("/Quote/properties/place/$ref"), "#/components/schemas/Place");
    EXPECT_EQ(at("/QuoteCreate/properties/lines/maxItems"), 200);
    EXPECT_EQ(at("/Order/properties/tip/oneOf/1/type"), "null");
}

/// A suite with an empty table of quotes.
class NestedColumns : public toy::Notes {
protected:
    void SetUp() override {
        site_->pool->acquire()->run_script(
            "DROP TABLE IF EXISTS toy_quote; CREATE TABLE toy_quote (id uuid PRIMARY KEY, lines jsonb NOT "
            "NULL,"
            " place jsonb NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,"
            " version int NOT NULL)");
    }
};

TEST_F(NestedColumns, KeepWhatIsPutIntoThem) {
    toy::Quote quote{.lines = {{.text = "Say \"cut\"", .amount = {-250, "USD"}, .note = "Ünïcode"}},
                     .place = {.street = "Kira Road"}};
    in([&](Tx& tx) { tx.insert(quote); });
    toy::Quote read = in([&](Tx& tx) { return tx.get(quote.id); });
    EXPECT_EQ(read.lines, quote.lines);
    EXPECT_EQ(read.place, quote.place);
    read.lines.clear();
    in([&](Tx& tx) { tx.save(read, &toy::Quote::lines); });
    EXPECT_TRUE(in([&](Tx& tx) { return tx.get(quote.id); }).lines.empty());
    EXPECT_EQ(in([&](Tx& tx) { return tx.get(quote.id); }).place, quote.place);
}

}  // namespace
}  // namespace tamiti
